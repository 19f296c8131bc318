import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { describe, test } from "node:test";
import { fileURLToPath } from "node:url";

const src = fileURLToPath(new URL("../src", import.meta.url));

/** What each layer may import besides itself. Imports point down only. */
const below: Readonly<Record<string, readonly string[]>> = {
  protocol: [],
  tracing: ["protocol"],
  network: ["protocol"],
  websocket: ["network", "tracing", "protocol"],
  "websocket-stream": ["websocket", "network", "protocol"],
  server: ["websocket", "network", "protocol"],
  functions: ["websocket", "network", "protocol"],
  global: ["websocket", "websocket-stream"],
  // Knows the interface of a WebSocket only, so that it runs in a browser as it is.
  reconnecting: [],
  testing: ["server", "websocket", "network", "protocol"],
};

/** Where `reconnecting` meets Node's object; `platform.browser.ts` takes its place in a browser. */
const adapters: readonly string[] = ["reconnecting/platform.ts"];

/** `protocol` is bytes in, events out: no socket, no stream, no clock. */
const closedToProtocol = [
  "node:net",
  "node:http",
  "node:http2",
  "node:https",
  "node:tls",
  "node:dgram",
  "node:stream",
  "node:events",
  "node:timers",
  "node:timers/promises",
];
const timers =
  /\b(?:setTimeout|setInterval|setImmediate|queueMicrotask|nextTick|performance\.now|Date\.now)\b/;

interface SourceFile {
  /** From src/ on. */
  readonly path: string;
  readonly layer: string;
  readonly text: string;
  /** What it imports or re-exports: modules as paths from src/ on, packages by name. */
  readonly imports: readonly string[];
}

const specifier = /(?:^|[\s}])(?:from|import)\s*\(?\s*"([^"]+)"/g;

function read(path: string): SourceFile {
  const text = readFileSync(join(src, path), "utf8");
  const imports = Array.from(text.matchAll(specifier), ([, target = ""]) =>
    target.startsWith(".") ? relative(src, join(src, dirname(path), target)) : target,
  );
  return { path, layer: layerOf(path), text, imports };
}

/** The folder right under src/, "" for the entry point beside the folders. */
function layerOf(path: string): string {
  return path.includes("/") ? path.slice(0, path.indexOf("/")) : "";
}

const files = readdirSync(src, { recursive: true, encoding: "utf8" })
  .filter((path) => path.endsWith(".ts") && !/\.test[.-]/.test(path))
  .map(read);

describe("architecture", () => {
  test("the layers are there, and the imports are found", () => {
    const layers = new Set(files.map(({ layer }) => layer).filter((layer) => layer !== ""));
    for (const layer of ["protocol", "network", "websocket", "server"]) assert.ok(layers.has(layer), layer);
    for (const layer of layers) assert.ok(layer in below, `The layer ${layer} has no place yet`);
    const object = files.find(({ path }) => path === "websocket/websocket.ts");
    assert.ok(object?.imports.includes("websocket/session.js"));
    assert.ok(object?.imports.includes("protocol/subprotocol.js"));
  });

  for (const [layer, allowed] of Object.entries(below)) {
    test(`${layer} imports ${["itself", ...allowed].join(", ")} only`, () => {
      for (const { path, imports } of files.filter(
        (file) => file.layer === layer && !adapters.includes(file.path),
      )) {
        for (const target of imports.filter((each) => !each.startsWith("node:"))) {
          assert.ok([layer, ...allowed].includes(layerOf(target)), `${path} imports ${target}`);
        }
      }
    });
  }

  test("protocol does without sockets, streams and clocks", () => {
    for (const { path, imports, text } of files.filter(({ layer }) => layer === "protocol")) {
      for (const target of imports)
        assert.ok(!closedToProtocol.includes(target), `${path} imports ${target}`);
      assert.doesNotMatch(text.replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, ""), timers, path);
    }
  });

  test("nothing imports in a circle", () => {
    const byModule = new Map(files.map((file) => [file.path.replace(/\.ts$/, ".js"), file]));
    const done = new Set<string>();
    const visit = (module: string, way: readonly string[]): void => {
      assert.ok(!way.includes(module), [...way, module].join(" -> "));
      if (done.has(module)) return;
      for (const target of valueImports(byModule.get(module)?.text ?? "", module))
        visit(target, [...way, module]);
      done.add(module);
    };
    for (const module of byModule.keys()) visit(module, []);
  });

  test("the library has no dependency at run time", () => {
    for (const { path, imports } of files) {
      for (const target of imports) {
        assert.ok(target.startsWith("node:") || target.endsWith(".js"), `${path} imports ${target}`);
      }
    }
  });
});

/** Modules whose values are imported: types are gone once the code runs, and may point both ways within a layer. */
function valueImports(text: string, module: string): string[] {
  return Array.from(
    text.matchAll(/^(?:import|export) (?!type\b)[^;]*?from "(\.[^"]+)";/gm),
    ([, target = ""]) => relative(src, join(src, dirname(module), target)),
  );
}
