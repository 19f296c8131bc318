import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { Browser, Locator } from "playwright-core";
import { cannotRun, launchBrowser, openPage, type WatchedPage } from "./browser.js";
import { WorkbenchProcess } from "./workbench.js";
import { WorkbenchPage } from "./workbench-page.js";

const objects = ["This browser", "openline on Node.js"] as const;

describe("faults on the page", { skip: cannotRun }, () => {
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

  const fault = (group: string, name: string): Locator =>
    page.page.getByRole("group", { name: group, exact: true }).getByRole("button", { name, exact: true });

  /** How often an object's list has this. */
  const count = (object: (typeof objects)[number], what: string) =>
    page.events(object).locator(`[data-what="${what}"]`).count();

  test("there is no line to break before there is a connection", async () => {
    await page.openTab("Faults");
    await page.page.getByText("There is no line yet: connect first.").waitFor();
    assert.equal(await fault("Hold", "Hold").isDisabled(), true);
  });

  test("ReconnectingWebSocket survives a held line: it finds it dead, waits, and comes back", async () => {
    await page.openTab("Object");
    await page.connect("Both, side by side", { reconnecting: true });
    for (const object of objects) await page.stateIs(object, "OPEN");
    const phase = (object: (typeof objects)[number], name: string) =>
      page
        .object(object)
        .getByRole("img", { name: /^Reconnecting/ })
        .locator(`[data-state="${name}"][data-current="true"]`)
        .waitFor();
    for (const object of objects) await phase(object, "Up");

    await page.openTab("Faults");
    await fault("Hold", "Hold").click();
    const active = page.page.getByRole("list", { name: "Active" });
    await active.getByText("Hold ⇄").waitFor();
    assert.equal(await fault("Hold", "Hold").getAttribute("aria-pressed"), "true");

    // What is sent meanwhile waits.
    await page.openTab("Object");
    for (const object of objects) await page.events(object).locator("[data-what='down']").first().waitFor();
    for (const object of objects) {
      await page.events(object).locator("[data-what='reconnecting']").first().waitFor();
      const fields = await page.fieldsOf(object, "reconnecting");
      assert.ok(Number(fields.get("attempt")) >= 1);
      assert.ok(Number(fields.get("delay")) >= 0);
    }
    await page.sendText("sent while the line was down");

    await page.openTab("Faults");
    await page.button("Heal").click();
    await page.page.getByText("No fault is active").waitFor();
    await page.openTab("Object");
    for (const object of objects) {
      await page.stateIs(object, "OPEN");
      await phase(object, "Up");
      await page.events(object).getByText("sent while the line was down").nth(1).waitFor();
      // It was never over.
      assert.equal(await count(object, "close"), 0);
    }
  });

  test("a script runs line by line, and says which; what is wrong with it has the line's number", async () => {
    await page.openTab("Faults");
    const script = page.page.getByRole("textbox", { name: "Script" });
    await script.fill("delay 100\nbreak it\nwait soon");
    await page.page.getByText(/^Line 2: /).waitFor();
    await page.page.getByText(/^Line 3: /).waitFor();
    assert.equal(await script.getAttribute("aria-invalid"), "true");
    assert.equal(await page.button("Run").isDisabled(), true);

    await script.fill("throttle 5000 to-client\nwait 3600000");
    await page.button("Run").click();
    await page.page.getByText("Line 2 runs").waitFor();
    await page.page
      .getByRole("list", { name: "Active" })
      .getByText(/^Throttle .* → To the client$/)
      .waitFor();
    await page.button("Stop").click();
    await page.page.getByText("The script was stopped").waitFor();

    await script.fill("heal");
    await page.button("Run").click();
    await page.page.getByText("The script has run").waitFor();
    await page.page.getByText("No fault is active").waitFor();
  });

  test("each fault is taken, and shows while it lasts", async () => {
    await page.openTab("Faults");
    const active = page.page.getByRole("list", { name: "Active" });
    await page.choose("Direction", "To the server");
    await page.page.getByLabel("Delay (ms)").fill("20");
    await fault("Delay", "Set").click();
    await active.getByText("Delay 20.0 ms → To the server").waitFor();
    await fault("Delay", "Lift").click();
    await page.page.getByText("No fault is active").waitFor();

    await fault("Answer", "Set").click();
    await active.getByText("Answer 503").waitFor();
    await fault("Drop handshakes", "Drop handshakes").click();
    await active.getByText("Drop handshakes").waitFor();
    await page.button("Heal").click();
    await page.page.getByText("No fault is active").waitFor();

    for (const name of ["Cut", "Reset", "Cut inside a frame"]) {
      await fault(name, name).click();
      await page.page.getByText(`Done: ${name}`, { exact: true }).waitFor();
    }
  });

  test("the embedded server restarts and crashes, and the objects come back to it", async () => {
    await page.openTab("Object");
    await page.connect("Both, side by side", { reconnecting: true });
    for (const how of ["Restart the server", "Crash the server"]) {
      for (const object of objects) await page.stateIs(object, "OPEN");
      const downs = await Promise.all(objects.map((object) => count(object, "down")));
      await page.openTab("Faults");
      await page.page.getByLabel("Down for (ms)").fill("300");
      await fault(how, how).click();
      await page.page.getByText(`Done: ${how}`, { exact: true }).waitFor();
      await page.openTab("Object");
      for (const [index, object] of objects.entries()) {
        await page
          .events(object)
          .locator("[data-what='down']")
          .nth(downs[index] ?? 0)
          .waitFor();
        await page.stateIs(object, "OPEN");
      }
    }
    await page.page.getByText("The embedded server is up").waitFor();
  });

  test("nothing went wrong meanwhile, and nothing was asked of another host", () => {
    const unexpected = watched.faults.filter((fault) => !/WebSocket connection to .* failed/.test(fault));
    assert.deepEqual(unexpected, []);
  });
});
