import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { after, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { WebSocket } from "openline";
import { ReconnectingWebSocket } from "openline/reconnecting";
import { FaultyProxy, RestartingServer } from "openline/testing";
import { cannotRun, launchChromium } from "../browser-parity/chromium.js";
import type { Browser, Page } from "../browser-parity/playwright.js";
import { cases } from "./shared-cases.js";

let server: RestartingServer;
let proxy: FaultyProxy;

/** The one way that a case reaches the proxy, also from a page. */
async function control(call: string): Promise<void> {
  const [method, ...values] = JSON.parse(call) as [keyof FaultyProxy, ...unknown[]];
  const act = proxy[method] as (...given: unknown[]) => unknown;
  await act.apply(proxy, values);
}

before(async () => {
  server = await RestartingServer.start({
    onConnection: (socket) => {
      socket.binaryType = "arraybuffer";
      socket.onmessage = ({ data }) => socket.send(data as string);
    },
  });
  proxy = await FaultyProxy.start({ port: server.port });
});

after(async () => {
  await proxy.close();
  await server.crash();
});

describe("ReconnectingWebSocket on Node.js", { timeout: 60_000 }, () => {
  for (const [name, run] of Object.entries(cases)) {
    it(name, () =>
      run({
        ReconnectingWebSocket,
        WebSocket,
        url: proxy.url,
        control: (...call) => control(JSON.stringify(call)),
      }),
    );
  }
});

/** A page with what the stage of a test needs of Playwright's. */
interface OfflinePage extends Page {
  context(): { setOffline(isOffline: boolean): Promise<void> };
}

describe("ReconnectingWebSocket in Chromium, as a plain ES module", {
  timeout: 120_000,
  skip: cannotRun ?? false,
}, () => {
  let browser: Browser;
  let files: Server;
  let page: OfflinePage;

  before(async () => {
    const folders: Record<string, string> = {
      openline: fileURLToPath(new URL(".", import.meta.resolve("openline/reconnecting"))),
      cases: fileURLToPath(new URL(".", import.meta.url)),
    };
    files = createServer(async (request, response) => {
      const [, folder = "", file = ""] = /^\/(openline|cases)\/([\w.-]+\.js)$/.exec(request.url ?? "") ?? [];
      const root = folders[folder];
      if (root === undefined) {
        response.setHeader("content-type", "text/html").end("<!doctype html><title>reconnecting</title>");
        return;
      }
      response.setHeader("content-type", "text/javascript").end(await readFile(`${root}${file}`));
    });
    await new Promise<void>((resolve) => files.listen(0, "127.0.0.1", resolve));
    browser = await launchChromium();
  });

  after(async () => {
    await browser.close();
    files.close();
  });

  /** A page of its own for each case: Chromium makes a page wait that had failures before. */
  async function openPage(): Promise<OfflinePage> {
    page = (await browser.newPage()) as OfflinePage;
    await page.exposeFunction("control", control);
    await page.goto(`http://127.0.0.1:${(files.address() as AddressInfo).port}/`);
    return page;
  }

  const platform = `{
      ReconnectingWebSocket: (await import("/openline/index.browser.js")).ReconnectingWebSocket,
      WebSocket,
      control: (...call) => control(JSON.stringify(call)),
    }`;

  for (const name of Object.keys(cases)) {
    it(name, async () => {
      await (await openPage()).evaluate(`(async () => {
          const { cases } = await import("/cases/shared-cases.js");
          await cases[${JSON.stringify(name)}]({ url: ${JSON.stringify(proxy.url)}, ...${platform} });
        })()`);
      await page.close();
    });
  }

  /** Opens an object in a page, as `socket`, with its events as `log`. */
  async function openSocket(): Promise<void> {
    await (await openPage()).evaluate(`(async () => {
        const { ReconnectingWebSocket } = await import("/openline/index.browser.js");
        globalThis.log = [];
        globalThis.socket = new ReconnectingWebSocket(${JSON.stringify(proxy.url)}, undefined, {
          minDelay: 5, maxDelay: 50, timeout: 300, heartbeat: { message: "ping?", isReply: (data) => data === "ping?" },
        });
        for (const type of ["up", "down", "reconnecting", "close"]) socket.addEventListener(type, () => log.push(type));
        globalThis.sent = [];
        const { send } = WebSocket.prototype;
        WebSocket.prototype.send = function (data) { sent.push(data); send.call(this, data); };
      })()`);
    await seen(`log.at(-1) === "up"`);
  }

  async function seen(expression: string): Promise<void> {
    await page.evaluate(`(async () => {
        while (!(${expression})) await new Promise((resolve) => setTimeout(resolve, 5));
      })()`);
  }

  it("is down as soon as the page is offline, and up again once it is online", async () => {
    await openSocket();
    await page.context().setOffline(true);
    await seen(`log.includes("down")`);
    await page.evaluate(`socket.send("waits")`);
    assert.equal(await page.evaluate(`sent.includes("waits")`), false);
    await page.context().setOffline(false);
    await seen(`log.at(-1) === "up" && sent.includes("waits")`);
    await page.close();
  });

  it("finds out about a line that died while the page was offline", async () => {
    await openSocket();
    await page.context().setOffline(true);
    await seen(`log.includes("down")`);
    proxy.hold();
    await page.context().setOffline(false);
    await seen(`log.includes("reconnecting")`);
    proxy.heal();
    await seen(`log.at(-1) === "up"`);
    await page.close();
  });

  it("asks at once when the page is told that it is seen again, or back from the cache (events made by the test)", async () => {
    await openSocket();
    for (const event of [
      `document.dispatchEvent(new Event("visibilitychange", { bubbles: true }))`,
      `dispatchEvent(new PageTransitionEvent("pageshow", { persisted: true }))`,
    ]) {
      await page.evaluate(`sent.length = 0; ${event}; void 0`);
      await seen(`sent.includes("ping?")`);
      // The answer ends the question.
      await page.evaluate(`new Promise((resolve) => setTimeout(resolve, 100))`);
    }
    assert.deepEqual(await page.evaluate(`log`), ["up"]);
    await page.close();
  });
});
