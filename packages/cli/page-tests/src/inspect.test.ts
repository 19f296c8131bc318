import assert from "node:assert/strict";
import { once } from "node:events";
import { after, before, describe, test } from "node:test";
import { closed, messages, WebSocket } from "openline";
import { WebSocketServer } from "openline/server";
import type { Browser } from "playwright-core";
import { cannotRun, launchBrowser, openPage, type WatchedPage } from "./browser.js";
import { WorkbenchProcess } from "./workbench.js";
import { WorkbenchPage } from "./workbench-page.js";

describe("an application inspected on the page", { skip: cannotRun }, () => {
  let server: WebSocketServer;
  let inspect: WorkbenchProcess;
  let browser: Browser;
  let watched: WatchedPage;
  let page: WorkbenchPage;
  let proxyUrl = "";

  before(async () => {
    server = new WebSocketServer({ host: "127.0.0.1", port: 0 });
    server.on("connection", (socket) => {
      socket.onmessage = ({ data }) => socket.send(`You said ${data}`);
    });
    await once(server, "listening");
    const { port } = server.address() as { port: number };
    [inspect, browser] = await Promise.all([
      WorkbenchProcess.start(["inspect", `ws://127.0.0.1:${port}/news`, "--no-open"]),
      launchBrowser(),
    ]);
    watched = await openPage(browser, inspect.url, { width: 1440 });
    page = new WorkbenchPage(watched.page);
  });
  after(async () => {
    await browser.close();
    await inspect.stop();
    await server.close();
  });

  test("the page says where the application is to connect to, and shows what passes", async () => {
    const words = await page.page
      .getByText(/ws:\/\/127\.0\.0\.1:\d+\/news/)
      .first()
      .innerText();
    proxyUrl = /ws:\/\/127\.0\.0\.1:\d+\/news/.exec(words)?.[0] ?? "";
    const ws = new WebSocket(proxyUrl);
    const incoming = messages(ws);
    ws.onopen = () => ws.send("hello");
    assert.equal((await incoming.next()).value, "You said hello");
    await page.rows.filter({ hasText: "You said hello" }).waitFor();
    ws.close(4001, "enough");
    await closed(ws);
    await page.rows.filter({ hasText: "4001" }).first().waitFor();
  });

  test("its objects live elsewhere, so there is no tab for them", async () => {
    assert.equal(await page.page.getByRole("tab", { name: "Object", exact: true }).count(), 0);
  });

  test("its line is broken from the page", async () => {
    const ws = new WebSocket(proxyUrl);
    await once(ws, "open");
    await page.openTab("Faults");
    await page.page
      .getByRole("group", { name: "Reset", exact: true })
      .getByRole("button", { name: "Reset", exact: true })
      .click();
    const { code } = await closed(ws);
    assert.equal(code, 1006);
    // There is no embedded server to restart.
    assert.equal(await page.button("Crash the server").count(), 0);
  });

  test("nothing went wrong meanwhile", () => {
    assert.deepEqual(watched.faults, []);
  });
});
