import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { after, before, describe, it } from "node:test";
import * as openline from "openline";
import { WebSocket as UndiciWebSocket } from "undici";
import { WebSocket as WsWebSocket } from "ws";
import { cannotRun, launchChromium } from "../browser-parity/chromium.js";
import type { Browser, Page } from "../browser-parity/playwright.js";
import { within } from "../guard.js";
import { startServer } from "./behaviours.js";
import type { Scenario } from "./scenario.js";
import { scenarios } from "./scenarios.js";

// esbuild's own declarations need the DOM's.
interface Esbuild {
  build(options: object): Promise<{
    readonly outputFiles: readonly { readonly text: string }[];
    readonly metafile: { readonly inputs: Readonly<Record<string, unknown>> };
  }>;
}
const esbuild = createRequire(import.meta.url)("esbuild") as Esbuild;

/** Bundles `source` as a page would have it: what "openline" is there, is what a browser gets. */
async function bundle(source: string): Promise<{ text: string; inputs: string[] }> {
  const { outputFiles, metafile } = await esbuild.build({
    stdin: { contents: source, resolveDir: import.meta.dirname },
    bundle: true,
    write: false,
    format: "iife",
    globalName: "openline",
    platform: "browser",
    metafile: true,
    logLevel: "silent",
  });
  return { text: outputFiles[0]?.text ?? "", inputs: Object.keys(metafile.inputs) };
}

let server: Awaited<ReturnType<typeof startServer>>;
before(async () => {
  server = await startServer();
});
after(() => server.stop());

const urlOf = ({ server: behaviour }: Scenario) => `ws://127.0.0.1:${server.port}/${behaviour}`;

/** `ws` would give a Buffer. */
class WsWithBlobs extends WsWebSocket {
  constructor(url: string) {
    super(url);
    this.binaryType = "blob" as "arraybuffer";
  }
}

for (const [of, implementation] of [
  ["our object", openline.WebSocket],
  ["the object of ws", WsWithBlobs],
  ["the object of undici", UndiciWebSocket],
] as const) {
  describe(`functions over ${of}`, () => {
    const WebSocket = implementation as unknown as typeof openline.WebSocket;
    for (const scenario of scenarios) {
      it(scenario.name, async () => {
        const client = scenario.client({ ...openline, WebSocket, url: urlOf(scenario) });
        const result = await within(client, "the scenario's end");
        assert.deepEqual(JSON.parse(JSON.stringify(result)), scenario.expected);
      });
    }
  });
}

const skipped = cannotRun === undefined ? "" : ` (skipped: ${cannotRun})`;

describe(`functions over Chromium's object${skipped}`, { skip: cannotRun ?? false }, () => {
  let chromium: Browser;
  let page: Page;
  before(async () => {
    chromium = await launchChromium();
    page = await chromium.newPage();
    await page.goto(`http://127.0.0.1:${server.port}/`);
    await page.evaluate(
      `${(await bundle('export * from "openline";')).text}; globalThis.openline = openline;`,
    );
  });
  after(() => chromium.close());

  it("the bundle's WebSocket is the browser's own", async () => {
    assert.equal(await page.evaluate("openline.WebSocket === globalThis.WebSocket"), true);
  });

  for (const scenario of scenarios) {
    it(scenario.name, async () => {
      const script = `(${scenario.client})({ ...openline, url: ${JSON.stringify(urlOf(scenario))} })`;
      const result = await within(page.evaluate(`${script}.then(JSON.stringify)`), "the scenario's end");
      assert.deepEqual(JSON.parse(String(result)), scenario.expected);
    });
  }
});

describe("what a bundle holds", () => {
  it("of the functions that are used, nothing of the others", async () => {
    const { text } = await bundle('import { opened } from "openline"; console.log(opened);');
    assert.match(text, /takes a WebSocket/);
    assert.doesNotMatch(text, /highWaterMark|bufferedAmount/);
  });

  it("for a browser, nothing of Node's", async () => {
    const { text, inputs } = await bundle('export * from "openline";');
    assert.doesNotMatch(text, /node:|\bBuffer\b|\bprocess\b/);
    assert.ok(inputs.length < 20, inputs.join("\n"));
  });
});
