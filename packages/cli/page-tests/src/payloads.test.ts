import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { Browser, Locator } from "playwright-core";
import { cannotRun, launchBrowser, openPage, type WatchedPage } from "./browser.js";
import { WorkbenchProcess } from "./workbench.js";
import { WorkbenchPage } from "./workbench-page.js";

describe("large payloads on the page", { skip: cannotRun }, () => {
  let workbench: WorkbenchProcess;
  let browser: Browser;
  let watched: WatchedPage;
  let page: WorkbenchPage;
  let details: Locator;

  before(async () => {
    [workbench, browser] = await Promise.all([WorkbenchProcess.start(), launchBrowser()]);
    watched = await openPage(browser, workbench.url, { width: 1440 });
    page = new WorkbenchPage(watched.page);
    await page.ready();
    await page.connect("This browser", { url: await page.placeUrl("big") });
    await page.stateIs("This browser", "OPEN");
    details = page.page.getByRole("region", { name: "Details" });
  });
  after(async () => {
    await browser.close();
    await workbench.stop();
  });

  test("are cut in the page, and loaded whole when they are asked for", async () => {
    await page.rows.filter({ hasText: "All work and no play" }).first().click();
    await details.getByText(/^The first .* of /).waitFor();
    await details.getByRole("button", { name: "Load all of it" }).click();
    await details.getByRole("tree").waitFor();
  });

  test("a JSON tree of 20,000 entries opens part by part, by the keyboard", async () => {
    const tree = details.getByRole("tree");
    const items = tree.getByRole("treeitem");
    await tree.focus();
    const { keyboard } = page.page;
    const active = () =>
      tree.evaluate(
        (element) =>
          document.getElementById(element.getAttribute("aria-activedescendant") ?? "")?.textContent,
      );
    await details.getByRole("button", { name: "Close all" }).click();
    await tree.focus();
    await keyboard.press("Home");
    assert.equal(await items.count(), 1);
    assert.match((await active()) ?? "", /20,000 items/);
    await keyboard.press("ArrowRight");
    await items.nth(1).waitFor();
    await keyboard.press("End");
    assert.match((await active()) ?? "", /19,900 to 19,999/);
    assert.ok((await items.count()) < 100);
    await keyboard.press("Enter");
    await keyboard.press("ArrowRight");
    assert.match((await active()) ?? "", /19900/);
    await keyboard.press("ArrowRight");
    await keyboard.press("ArrowRight");
    assert.match((await active()) ?? "", /line.*19900/);
    // Back to the parents.
    for (let level = 0; level < 3; level++) await keyboard.press("ArrowLeft");
    assert.match((await active()) ?? "", /19,900 to 19,999/);
  });

  test("65,536 bytes are there to their last, and few rows of them in the document", async () => {
    await page.rows.filter({ hasText: "binary" }).first().click();
    await details.getByRole("button", { name: "Load all of it" }).click();
    const hex = details.getByRole("region", { name: "Payload in hexadecimal" });
    const rows = hex.getByRole("row");
    await rows.first().waitFor();
    assert.match((await rows.first().textContent()) ?? "", /^00000000/);
    await hex.focus();
    await page.page.keyboard.press("End");
    await rows.filter({ hasText: "0000fff0" }).waitFor();
    assert.ok((await rows.count()) < 100);
    const perRow = Number(await hex.getAttribute("data-per-row"));
    assert.equal(Number(await hex.getByRole("table").getAttribute("aria-rowcount")), 65_536 / perRow);
  });

  test("numbers that JavaScript would round show as they were written", async () => {
    const numbers =
      "[12345678901234567890, 0.1, 1e400, 1e-400, 9007199254740993, 0.30000000000000000001, 1000000000000000]";
    await page.sendText(`{"numbers": ${numbers}}`);
    await page.rows.filter({ hasText: "numbers" }).first().click();
    const values = details.getByRole("tree").locator(".json-number");
    await values.nth(6).waitFor();
    assert.equal(`[${(await values.allTextContents()).join(", ")}]`, numbers);
  });

  test("nothing went wrong meanwhile", () => {
    assert.deepEqual(watched.faults, []);
  });
});
