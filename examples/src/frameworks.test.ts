import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { after, before, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath, pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { build } from "esbuild";
import { RestartingServer } from "openline/testing";

const folder = fileURLToPath(new URL("../frameworks", import.meta.url));
const compiled = fileURLToPath(new URL("./frameworks-compiled", import.meta.url));
const sources = readdirSync(folder).filter((name) => /\.tsx?$/.test(name));

/** What each example hands out, as far as it is used here. */
interface Example {
  createNews(url: string): unknown;
  useNews(url: string): unknown;
}

async function load(name: string): Promise<Example> {
  return import(pathToFileURL(join(compiled, `${name}.js`)).href);
}

// The frameworks' own declarations need the types of a page, which would hide a mistake in all other examples.

interface Svelte {
  subscribe(listener: (news: { isUp: boolean; text: string }) => void): () => void;
}

interface Vue {
  effectScope(): { run(body: () => unknown): unknown; stop(): void };
}

interface Solid {
  createRoot(body: (dispose: () => void) => () => void): () => void;
}

async function framework<T>(name: string): Promise<T> {
  return (await import(name)) as T;
}

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await sleep(2);
}

describe("the examples for frameworks", { timeout: 60_000 }, () => {
  let server: RestartingServer;

  before(async () => {
    await build({
      entryPoints: sources.map((name) => join(folder, name)),
      outdir: compiled,
      format: "esm",
      jsx: "automatic",
    });
    server = await RestartingServer.start({ onConnection: (socket) => socket.send("the news") });
  });

  after(async () => {
    await server.stop();
    await rm(compiled, { recursive: true });
  });

  it("are four, of 30 lines at most", () => {
    assert.deepEqual(sources.sort(), ["react.tsx", "solid.ts", "svelte.ts", "vue.ts"]);
    for (const name of sources) {
      const lines = readFileSync(join(folder, name), "utf8").trimEnd().split("\n").length;
      assert.ok(lines <= 30, `${name}: ${lines} lines`);
    }
  });

  it("compile with the types of a page and of their frameworks", async () => {
    const compiler = fileURLToPath(import.meta.resolve("typescript/package.json"));
    await promisify(execFile)(process.execPath, [join(dirname(compiler), "bin", "tsc"), "-p", folder]);
  });

  it("Svelte's store is connected as long as somebody subscribes", async () => {
    const { createNews } = await load("svelte");
    const store = createNews(server.url) as Svelte;
    let seen = { isUp: false, text: "" };
    const unsubscribe = store.subscribe((news) => {
      seen = news;
    });
    await until(() => seen.isUp && seen.text === "the news");
    unsubscribe();
    await until(() => server.clients.size === 0);
  });

  it("Vue's refs are connected as long as their scope", async () => {
    const { useNews } = await load("vue");
    const { effectScope } = await framework<Vue>("vue");
    const scope = effectScope();
    const news = scope.run(() => useNews(server.url)) as Record<"isUp" | "news", { value: unknown }>;
    await until(() => news.isUp.value === true && news.news.value === "the news");
    scope.stop();
    await until(() => server.clients.size === 0);
  });

  it("Solid's signals are connected as long as their root", async () => {
    const { createNews } = await load("solid");
    const { createRoot } = await framework<Solid>("solid-js");
    const dispose = createRoot((disposeRoot) => {
      createNews(server.url);
      return disposeRoot;
    });
    await until(() => server.clients.size === 1);
    dispose();
    await until(() => server.clients.size === 0);
  });
});
