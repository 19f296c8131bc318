import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { WebSocket } from "openline";
import { ReconnectingWebSocket } from "openline/reconnecting";
import { FaultyProxy, RestartingServer } from "openline/testing";
import { cannotRun, launchChromium } from "../browser-parity/chromium.js";
import type { Browser, Page } from "../browser-parity/playwright.js";
import { serveModules } from "./module-server.js";
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
  let files: Awaited<ReturnType<typeof serveModules>>;
  let page: OfflinePage;

  before(async () => {
    files = await serveModules();
    browser = await launchChromium();
  });

  after(async () => {
    await browser.close();
    files.stop();
  });

  /** A page of its own for each case: Chromium makes a page wait that had failures before. */
  async function openPage(): Promise<OfflinePage> {
    page = (await browser.newPage()) as OfflinePage;
    await page.exposeFunction("control", control);
    await page.goto(files.url);
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

  it("works in a worker, which has no document", async () => {
    await openPage();
    const program = `
      import { ReconnectingWebSocket } from "${files.url}openline/index.browser.js";
      const socket = new ReconnectingWebSocket("${proxy.url}");
      socket.onup = () => socket.send("from a worker");
      socket.onmessage = ({ data }) => socket.close(3000, data);
      socket.onclose = ({ code, reason }) => postMessage(code + " " + reason);`;
    const answer = await page.evaluate(`new Promise((resolve, reject) => {
        const url = URL.createObjectURL(new Blob([${JSON.stringify(program)}], { type: "text/javascript" }));
        const worker = new Worker(url, { type: "module" });
        worker.onmessage = ({ data }) => resolve(data);
        worker.onerror = ({ message }) => reject(new Error(message));
      })`);
    assert.equal(answer, "3000 from a worker");
    await page.close();
  });
});
