import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import process from "node:process";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import type { Browser } from "playwright-core";
import { cannotRun, launchBrowser, openPage, type WatchedPage } from "./browser.js";
import { WorkbenchProcess } from "./workbench.js";
import { WorkbenchPage } from "./workbench-page.js";

describe("recordings on the page", { skip: cannotRun }, () => {
  let workbench: WorkbenchProcess;
  let browser: Browser;
  let watched: WatchedPage;
  let page: WorkbenchPage;
  let folder = "";
  let har = "";

  before(async () => {
    // Below node_modules/openline, as the application that a copied test is for.
    folder = await mkdtemp(join(dirname(fileURLToPath(import.meta.url)), "recordings-"));
    [workbench, browser] = await Promise.all([WorkbenchProcess.start(), launchBrowser()]);
    watched = await openPage(browser, workbench.url, { width: 1440 });
    page = new WorkbenchPage(watched.page);
  });
  after(async () => {
    await browser.close();
    await workbench.stop();
    await rm(folder, { recursive: true, force: true });
  });

  /** What the timeline's rows say, without their times. */
  const rowTexts = () =>
    page.rows.evaluateAll((rows) =>
      rows.map((row) =>
        [".cell-opcode", ".cell-data", ".cell-size"]
          .map((cell) => row.querySelector(cell)?.textContent ?? "")
          .join(" | "),
      ),
    );

  let live: readonly string[] = [];

  test("a session is saved as HAR, as Chromium describes it", async () => {
    await page.connect("This browser");
    await page.stateIs("This browser", "OPEN");
    await page.sendText("안녕, line");
    await page.events("This browser").locator("[data-what='message']").first().waitFor();
    await page.choose("As", "Binary");
    await page.page.getByLabel("Message", { exact: true }).fill("00 ff 41");
    await page.button("Send").click();
    await page.events("This browser").locator("[data-what='message']").nth(1).waitFor();
    await page.page.getByLabel("Code", { exact: true }).fill("4001");
    await page.page.getByLabel("Reason", { exact: true }).fill("enough");
    await page.button("Close").click();
    await page.stateIs("This browser", "CLOSED");
    // Handshake, two messages both ways, two close frames, the end.
    await page.page.getByText("9 of 9 entries").waitFor();
    live = await rowTexts();

    await page.openTab("Recordings");
    const [download] = await Promise.all([
      page.page.waitForEvent("download"),
      page.page.getByRole("link", { name: "Save as HAR" }).click(),
    ]);
    assert.match(download.suggestedFilename(), /^openline-.*\.har$/);
    har = join(folder, "session.har");
    await download.saveAs(har);
    const { log } = JSON.parse(await readFile(har, "utf8"));
    assert.equal(log.version, "1.2");
    assert.equal(typeof log.creator.name, "string");
    assert.equal(log.entries.length, 1);
    const [entry] = log.entries;
    assert.equal(entry._resourceType, "websocket");
    assert.ok(!Number.isNaN(Date.parse(entry.startedDateTime)));
    assert.equal(entry.request.method, "GET");
    assert.match(entry.request.url, /^ws:\/\/127\.0\.0\.1:\d+\//);
    assert.equal(entry.response.status, 101);
    for (const part of [entry.request, entry.response]) {
      for (const header of part.headers) assert.deepEqual(Object.keys(header), ["name", "value"]);
    }
    const messages = entry._webSocketMessages.filter(({ opcode }: { opcode: number }) => opcode < 8);
    assert.deepEqual(
      messages.map(({ type, opcode, data }: Record<string, unknown>) => [type, opcode, data]),
      [
        ["send", 1, "안녕, line"],
        ["receive", 1, "안녕, line"],
        ["send", 2, "AP9B"],
        ["receive", 2, "AP9B"],
      ],
    );
    for (const { time } of messages) assert.ok(Math.abs(Date.now() / 1000 - time) < 3600);
  });

  test("what was saved is loaded, and shows the same", async () => {
    await page.page.locator("input[type='file']").last().setInputFiles(har);
    await page.page.getByText(/^session\.har: 1 connection/).waitFor();
    await page.page.getByText("9 of 9 entries").waitFor();
    assert.deepEqual(await rowTexts(), live);
    await page.button("Copy the session as a test").click();
    await page.page.getByText("The test is on the clipboard: it runs with node --test").waitFor();
    await assertPasses(await page.page.evaluate(() => navigator.clipboard.readText()));
    await page.openTab("Charts");
    // Its own time, not the present.
    await page.page.getByRole("img", { name: /^Bytes a second.*at most [1-9]/ }).waitFor();
    await page.openTab("Recordings");
    await page.button("Close the recording").click();
    await page.page.getByText("9 of 9 entries").waitFor();
  });

  test("a file that is none says what is wrong, and where", async () => {
    const load = page.page.locator("input[type='file']").last();
    const file = (buffer: string) => ({
      name: "wrong.har",
      mimeType: "application/json",
      buffer: Buffer.from(buffer),
    });
    await load.setInputFiles(file('{"log": {"entries": 5}}'));
    await page.page.getByText(/^wrong\.har can't be read: .*entries/).waitFor();
    await load.setInputFiles(file('{"log": {"entries": []}}'));
    await page.page.getByText("wrong.har has no WebSocket connection in it").waitFor();
    await page.page.getByText("9 of 9 entries").waitFor();
  });

  test("the session and one message, copied as tests, run and pass", async () => {
    const clipboard = () => page.page.evaluate(() => navigator.clipboard.readText());
    const button = page.button("Copy the session as a test");
    await button.click();
    await page.page.getByText("The test is on the clipboard: it runs with node --test").waitFor();
    const session = await clipboard();
    assert.match(session, /안녕, line/);
    assert.match(session, /AP9B/);
    assert.match(session, /4001/);
    await assertPasses(session);

    await page.rows.filter({ hasText: "00 ff 41" }).first().click();
    const details = page.page.getByRole("region", { name: "Details" });
    await details.getByRole("button", { name: "Copy as a test" }).click();
    await details.getByText("Copied", { exact: true }).waitFor();
    const message = await clipboard();
    assert.match(message, /AP9B/);
    assert.doesNotMatch(message, /안녕/);
    await assertPasses(message);
  });

  test("nothing went wrong meanwhile, and nothing was asked of another host", () => {
    assert.deepEqual(watched.faults, []);
  });

  async function assertPasses(code: string): Promise<void> {
    const file = join(folder, "copied.test.mjs");
    await writeFile(file, code);
    // Not as a part of this run: its own runner tells.
    const { NODE_TEST_CONTEXT: _ours, ...env } = process.env;
    await new Promise<void>((resolve, reject) => {
      execFile(process.execPath, ["--test", file], { env }, (error, stdout) => {
        if (error === null && /pass 1/.test(stdout)) resolve();
        else reject(new Error(`${stdout}\n${code}`));
      });
    });
  }
});
