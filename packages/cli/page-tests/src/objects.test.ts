import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { FaultyProxy } from "openline/testing";
import type { Browser } from "playwright-core";
import { cannotRun, launchBrowser, openPage, type WatchedPage } from "./browser.js";
import { WorkbenchProcess } from "./workbench.js";
import { WorkbenchPage } from "./workbench-page.js";

const objects = ["This browser", "openline on Node.js"] as const;

/** As Chromium's console shows them; the values of those that are the same each time. */
const everyEvent = {
  isTrusted: "true",
  bubbles: "false",
  cancelBubble: "false",
  cancelable: "false",
  composed: "false",
  currentTarget: "WebSocket",
  defaultPrevented: "false",
  eventPhase: "2",
  returnValue: "true",
  srcElement: "WebSocket",
  target: "WebSocket",
};

describe("the objects on the page", { skip: cannotRun }, () => {
  let workbench: WorkbenchProcess;
  let browser: Browser;
  let watched: WatchedPage;
  let page: WorkbenchPage;

  before(async () => {
    [workbench, browser] = await Promise.all([WorkbenchProcess.start(), launchBrowser()]);
    watched = await openPage(browser, workbench.url);
    page = new WorkbenchPage(watched.page);
  });
  after(async () => {
    await browser.close();
    assert.equal(await workbench.stop(), 0);
  });

  test("each state is lit while the object is in it, in the page and on Node.js", async () => {
    const echo = new URL(await page.placeUrl("echo"));
    const proxy = await FaultyProxy.start({ port: Number(echo.port) });
    try {
      proxy.hold();
      echo.port = String(proxy.port);
      await page.connect("Both, side by side", { url: echo.href });
      for (const object of objects) await page.stateIs(object, "CONNECTING");
      proxy.release();
      for (const object of objects) await page.stateIs(object, "OPEN");
      proxy.hold();
      await page.button("Close").click();
      for (const object of objects) await page.stateIs(object, "CLOSING");
      proxy.release();
      for (const object of objects) await page.stateIs(object, "CLOSED");
      // Each state that it was in shows when.
      for (const object of objects) {
        const diagram = page.object(object).getByRole("img", { name: /^States/ });
        const times = await diagram.locator(".diagram-note").allTextContents();
        for (const time of times) assert.match(time, /^[0-3] · \d\d:\d\d:\d\d\.\d{3}$/);
        assert.match(
          (await diagram.getAttribute("aria-label")) ?? "",
          /CONNECTING at .*OPEN at .*CLOSING at .*CLOSED at/,
        );
      }
    } finally {
      await proxy.close();
    }
  });

  test("each event shows all of its fields, the same from the page's object and from Node.js's", async () => {
    await page.placeUrl("echo");
    await page.connect("Both, side by side");
    for (const object of objects) await page.stateIs(object, "OPEN");
    await page.sendText("Hello, line");
    for (const object of objects) {
      await page.events(object).locator("[data-what='message']").first().waitFor();
    }
    await page.page.getByLabel("Code", { exact: true }).fill("4001");
    await page.page.getByLabel("Reason", { exact: true }).fill("enough");
    await page.button("Close").click();

    for (const object of objects) {
      await page.stateIs(object, "CLOSED");
      assertFields(await page.fieldsOf(object, "open"), { ...everyEvent, type: '"open"' });
      assertFields(await page.fieldsOf(object, "message"), {
        ...everyEvent,
        type: '"message"',
        data: '"Hello, line"',
        lastEventId: '""',
        origin: /^"ws:\/\/127\.0\.0\.1:\d+"$/,
        ports: "Array(0)",
        source: "null",
      });
      assertFields(await page.fieldsOf(object, "close"), {
        ...everyEvent,
        type: '"close"',
        code: "4001",
        reason: '"enough"',
        wasClean: "true",
      });
    }
  });

  test("a failure to connect shows error, then close", async () => {
    await page.connect("Both, side by side", { url: "ws://127.0.0.1:1/" });
    for (const object of objects) {
      await page.stateIs(object, "CLOSED");
      assertFields(await page.fieldsOf(object, "error"), {
        ...everyEvent,
        type: '"error"',
        // What a page is never told.
        ...(object === "openline on Node.js" ? { error: /Error/ } : {}),
      });
      assertFields(await page.fieldsOf(object, "close"), {
        ...everyEvent,
        type: '"close"',
        code: "1006",
        reason: '""',
        wasClean: "false",
      });
      const order = await page
        .events(object)
        .locator("[data-call='false']")
        .evaluateAll((items) => items.map((item) => item.getAttribute("data-what")));
      assert.deepEqual(order, ["close", "error"]);
    }
  });

  test("text, JSON and binary go out and come back", async () => {
    await page.placeUrl("echo");
    await page.connect("Both, side by side");
    for (const object of objects) await page.stateIs(object, "OPEN");
    const message = page.page.getByLabel("Message", { exact: true });
    const arrived = async (count: number) => {
      for (const object of objects) {
        await page
          .events(object)
          .locator("[data-what='message']")
          .nth(count - 1)
          .waitFor();
      }
    };

    await page.sendText("안녕, line");
    await arrived(1);

    await page.choose("As", "JSON");
    await message.fill('{"price": 71200,');
    await page.page.getByText(/^Not JSON: /).waitFor();
    await message.fill('{"price": 71200}');
    await page.page.getByText("Valid JSON").waitFor();
    await page.button("Send").click();
    await arrived(2);

    await page.choose("As", "Binary");
    await message.fill("00 ff 4");
    await page.page.getByText("Half a byte is missing at the end").waitFor();
    await message.fill("00 ff 41");
    await page.button("Send").click();
    await arrived(3);

    for (const object of objects) {
      const gists = await page.events(object).locator("[data-what='message'] .event-gist").allTextContents();
      assert.match(gists[2] ?? "", /안녕, line/);
      assert.match(gists[1] ?? "", /"price": ?71200/);
      assert.match((await page.fieldsOf(object, "message")).get("data") ?? "", /Blob.*3/);
    }
  });

  test("nothing went wrong meanwhile, and nothing was asked of another host", () => {
    // Chromium itself reports a connection that it couldn't make.
    const unexpected = watched.faults.filter((fault) => !/WebSocket connection to .* failed/.test(fault));
    assert.deepEqual(unexpected, []);
  });
});

/** @param expected but for `timeStamp`, which every event has */
function assertFields(
  fields: ReadonlyMap<string, string>,
  expected: Readonly<Record<string, string | RegExp>>,
): void {
  const names = Object.keys(expected).filter((name) => name !== "isTrusted");
  assert.deepEqual(
    [...fields.keys()].filter((name) => name !== "Time"),
    ["isTrusted", ...[...names, "timeStamp"].sort()],
  );
  assert.ok(Number(fields.get("timeStamp")) > 0);
  for (const [name, value] of Object.entries(expected)) {
    if (typeof value === "string") assert.equal(fields.get(name), value, name);
    else assert.match(fields.get(name) ?? "", value, name);
  }
}
