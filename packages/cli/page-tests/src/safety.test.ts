import assert from "node:assert/strict";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { after, before, describe, test } from "node:test";
import type { Browser, Page } from "playwright-core";
import { cannotRun, launchBrowser, openPage } from "./browser.js";
import { WorkbenchProcess } from "./workbench.js";
import { WorkbenchPage } from "./workbench-page.js";

/** What a page can do to get at another origin: each gives a line on what it has got. */
async function attack(secretUrl: string): Promise<string[]> {
  const got: string[] = [];
  const { origin, host } = new URL(secretUrl);
  for (const url of [secretUrl, `${secretUrl}recording.har`, `${origin}/`, `${origin}/recording.har`]) {
    for (const mode of ["cors", "no-cors"] as const) {
      const answer = await fetch(url, { mode, credentials: "include" }).catch(() => undefined);
      if (answer?.ok === true) got.push(`${mode} ${url}: ${await answer.text()}`);
    }
  }
  for (const url of [
    secretUrl.replace("http:", "ws:"),
    `${secretUrl.replace("http:", "ws:")}control`,
    `ws://${host}/`,
  ]) {
    const opened = await new Promise((resolve) => {
      const ws = new WebSocket(url);
      ws.onopen = () => resolve(true);
      ws.onclose = () => resolve(false);
    });
    if (opened === true) got.push(`WebSocket ${url}`);
  }
  // Nothing tells a page what a frame of another origin shows: the test looks itself.
  const frame = document.createElement("iframe");
  frame.src = secretUrl;
  await new Promise((resolve) => {
    frame.onload = resolve;
    document.body.append(frame);
  });
  return got;
}

describe("a foreign page gets nothing", { skip: cannotRun }, () => {
  let workbench: WorkbenchProcess;
  let browser: Browser;
  let foreign: Server;
  let page: Page;

  before(async () => {
    foreign = createServer((_request, response) => {
      response
        .setHeader("Content-Type", "text/html")
        .end("<!doctype html><title>foreign</title><body></body>");
    });
    await new Promise<void>((resolve) => foreign.listen(0, "127.0.0.1", resolve));
    [workbench, browser] = await Promise.all([WorkbenchProcess.start(), launchBrowser()]);
    page = await (await browser.newContext()).newPage();
  });
  after(async () => {
    await browser.close();
    await workbench.stop();
    foreign.close();
  });

  const foreignUrl = (host: string) => `http://${host}:${(foreign.address() as AddressInfo).port}/`;

  for (const host of ["127.0.0.1", "localhost"]) {
    test(`from another port of ${host}, even with the secret address`, async () => {
      await page.goto(foreignUrl(host));
      assert.deepEqual(await page.evaluate(attack, workbench.url), []);
      const [, frame] = page.frames();
      assert.doesNotMatch((await frame?.content()) ?? "", /openline/i);
    });
  }

  test("and none of the embedded server's messages", async () => {
    const own = await openPage(browser, workbench.url);
    const echo = await new WorkbenchPage(own.page).placeUrl("echo");
    await page.goto(foreignUrl("127.0.0.1"));
    const opened = await page.evaluate(
      (url) =>
        new Promise((resolve) => {
          const ws = new WebSocket(url);
          ws.onopen = () => resolve(true);
          ws.onclose = () => resolve(false);
        }),
      echo,
    );
    assert.equal(opened, false);
  });

  test("without the secret there is nothing to see, whatever is asked for", async () => {
    const { origin, pathname } = new URL(workbench.url);
    const wrong = `/${"A".repeat(pathname.length - 2)}/`;
    for (const path of ["/", "/index.html", "/recording.har", "/assets/", wrong, `${wrong}recording.har`]) {
      const answer = await page.goto(origin + path);
      assert.equal(answer?.status(), 404, path);
      assert.doesNotMatch((await answer?.text()) ?? "", /openline|workbench/i, path);
    }
  });

  test("the page itself works, so the address is the right one", async () => {
    const own = await openPage(browser, workbench.url);
    await new WorkbenchPage(own.page).connect("This browser");
    await new WorkbenchPage(own.page).stateIs("This browser", "OPEN");
    assert.deepEqual(own.faults, []);
  });
});
