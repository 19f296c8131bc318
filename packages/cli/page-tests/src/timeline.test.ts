import assert from "node:assert/strict";
import { after, before, beforeEach, describe, test } from "node:test";
import type { Browser, Locator } from "playwright-core";
import { cannotRun, launchBrowser, openPage, type WatchedPage } from "./browser.js";
import { WorkbenchProcess } from "./workbench.js";
import { WorkbenchPage } from "./workbench-page.js";

describe("the timeline on the page", { skip: cannotRun }, () => {
  let workbench: WorkbenchProcess;
  let browser: Browser;
  let watched: WatchedPage;
  let page: WorkbenchPage;
  let list: Locator;

  before(async () => {
    [workbench, browser] = await Promise.all([WorkbenchProcess.start(), launchBrowser()]);
    watched = await openPage(browser, workbench.url);
    page = new WorkbenchPage(watched.page);
    list = watched.page.getByRole("listbox", { name: "Timeline" });
    await page.connect("This browser");
    await page.stateIs("This browser", "OPEN");
    await page.rows.filter({ hasText: "101" }).waitFor();
  });
  after(async () => {
    await browser.close();
    assert.equal(await workbench.stop(), 0);
  });

  /** Messages and their echoes, so that the rows need more room than there is. */
  beforeEach(async () => {
    await page.button("Clear").click();
    await status(/^0 of 0/);
    const times = watched.page.getByLabel("Times", { exact: true });
    await watched.page.getByLabel("Message", { exact: true }).fill("one of many");
    await times.fill("40");
    await page.button("Send 40 times").click();
    await status(/^80 of 80/);
    await times.fill("1");
  });

  /** Until the line under the rows says so. */
  async function status(wanted: RegExp): Promise<void> {
    await watched.page.locator(".rows-status", { hasText: wanted }).waitFor();
  }

  async function isAtEnd(): Promise<boolean> {
    return list.evaluate((rows) => rows.scrollTop + rows.clientHeight >= rows.scrollHeight - 1);
  }

  test("follows the latest entry, but for a reader who has scrolled up", async () => {
    assert.ok(await isAtEnd());
    await list.hover();
    await watched.page.mouse.wheel(0, -400);
    await page.button("Follow the latest").waitFor();
    const before = await list.evaluate((rows) => rows.scrollTop);
    await page.sendText("one more");
    await status(/^82 of 82/);
    assert.equal(await list.evaluate((rows) => rows.scrollTop), before);

    await page.button("Follow the latest").click();
    await page.rows.filter({ hasText: "one more" }).last().waitFor();
    assert.ok(await isAtEnd());
    await page.sendText("and another one");
    await status(/^84 of 84/);
    assert.ok(await isAtEnd());
  });

  test("stands still while paused, and loses nothing", async () => {
    await page.button("Pause").click();
    await page.sendText("meanwhile");
    await status(/^80 of 82.*2 new entries while paused/);
    assert.equal(await page.rows.filter({ hasText: "meanwhile" }).count(), 0);
    await page.button("Resume").click();
    await status(/^82 of 82/);
    await page.rows.filter({ hasText: "meanwhile" }).last().waitFor();
  });

  test("shows what is searched for, one way, and of the kinds chosen", async () => {
    await page.sendText("Another one");
    const search = watched.page.getByRole("searchbox", { name: "Search" });
    await search.fill("ANOTHER");
    await status(/^2 of 82/);
    await page.choose("Direction", "Sent");
    await status(/^1 of 82/);
    assert.match(await page.rows.first().innerText(), /Another one/);
    await search.press("Escape");
    await status(/^41 of 82/);
    await page.button("Text").click();
    await status(/^0 of 82/);
    await page.button("Show everything").click();
    await status(/^82 of 82/);
  });

  test("opens an entry by keyboard, as text, as JSON and in hexadecimal", async () => {
    await page.sendText('{"list":[1,2,3]}');
    await status(/^82 of 82/);
    await list.focus();
    await watched.page.keyboard.press("End");
    await watched.page.keyboard.press("Enter");
    const details = watched.page.getByRole("region", { name: "Details" });
    await details.getByRole("tree", { name: "JSON tree" }).getByText("list").waitFor();
    await page.choose("Details", "Text");
    await details.getByText('{"list":[1,2,3]}', { exact: true }).waitFor();
    await page.choose("Details", "Hex");
    await details.getByText("7b 22 6c 69 73 74").first().waitFor();

    // The way back to the list, and from there to the first entry.
    await watched.page.keyboard.press("Escape");
    await details.waitFor({ state: "detached" });
    await list.focus();
    await watched.page.keyboard.press("Home");
    const chosen = page.rows.and(watched.page.locator("[aria-selected='true']"));
    assert.equal(await chosen.getAttribute("aria-posinset"), "1");
    await watched.page.keyboard.press("ArrowDown");
    assert.equal(await chosen.getAttribute("aria-posinset"), "2");
    assert.equal(await list.getAttribute("aria-activedescendant"), await chosen.getAttribute("id"));
    await watched.page.keyboard.press("End");
    await watched.page.keyboard.press("PageUp");
    assert.ok(Number(await chosen.getAttribute("aria-posinset")) < 81);
  });

  test("a long message is cut, and loaded as a whole when asked for", async () => {
    const long = `${"x".repeat(20_000)} the end`;
    await page.sendText(long);
    await status(/^82 of 82/);
    await page.rows.last().click();
    const details = watched.page.getByRole("region", { name: "Details" });
    assert.equal(await details.getByText("the end").count(), 0);
    await page.button("Load all of it").click();
    await details.getByText("the end").waitFor();
    await page.button("Close").last().click();
  });

  test("nothing went wrong meanwhile, and nothing was asked of another host", () => {
    assert.deepEqual(watched.faults, []);
  });
});
