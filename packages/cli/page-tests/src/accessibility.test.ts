import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { after, before, describe, test } from "node:test";
import type { AxeResults } from "axe-core";
import type { Browser } from "playwright-core";
import { cannotRun, launchBrowser, openPage, type Visitor } from "./browser.js";
import { WorkbenchProcess } from "./workbench.js";
import { WorkbenchPage } from "./workbench-page.js";

const axeSource = readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** What axe calls serious or worse, one line for each place. */
async function seriousFaults({ page }: WorkbenchPage): Promise<string[]> {
  // What moves is in between two colours.
  await page.evaluate(() =>
    Promise.all(document.getAnimations().map((animation) => animation.finished.catch(() => {}))),
  );
  // The debugger's way in: a script element would meet the page's content security policy.
  await page.evaluate(await axeSource);
  const { violations } = (await page.evaluate("axe.run()")) as AxeResults;
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .flatMap(({ id, nodes }) =>
      nodes.map(({ target, failureSummary }) => `${id} at ${target.join(" ")}: ${failureSummary}`),
    );
}

describe("the page for everybody", { skip: cannotRun }, () => {
  let workbench: WorkbenchProcess;
  let browser: Browser;

  before(async () => {
    [workbench, browser] = await Promise.all([WorkbenchProcess.start(), launchBrowser()]);
  });
  after(async () => {
    await browser.close();
    await workbench.stop();
  });

  const visitors: readonly (readonly [who: string, visitor: Visitor])[] = [
    ["light and wide", { colorScheme: "light", width: 1440 }],
    ["dark and wide", { colorScheme: "dark", width: 1440 }],
    ["light and 360 pixels wide", { colorScheme: "light", width: 360, height: 740 }],
    ["dark and 360 pixels wide", { colorScheme: "dark", width: 360, height: 740 }],
  ];
  for (const [who, visitor] of visitors) {
    test(`axe-core finds no serious fault, and nothing is wider than the screen: ${who}`, async () => {
      const { page: browserPage, faults } = await openPage(browser, workbench.url, {
        ...visitor,
        reducedMotion: "reduce",
      });
      const page = new WorkbenchPage(browserPage);
      const check = async (what: string) => {
        assert.deepEqual(await seriousFaults(page), [], what);
        const width = await browserPage.evaluate(() => document.documentElement.scrollWidth);
        assert.ok(width <= (visitor.width ?? 0), `${what}: ${width} pixels wide`);
      };
      const isNarrow = visitor.width === 360;
      const views = isNarrow
        ? ["Connect", "Line", "Object", "Charts", "Faults", "Recordings"]
        : ["Object", "Charts", "Faults", "Recordings"];

      await page.ready();
      for (const view of views) {
        await browserPage.getByRole("tab", { name: view, exact: true }).click();
        await check(`${view}, empty`);
      }

      if (isNarrow) await browserPage.getByRole("tab", { name: "Connect", exact: true }).click();
      await page.connect("Both, side by side", { reconnecting: true });
      await browserPage.locator(".session-states [data-state='1']").nth(1).waitFor();
      await page.sendText('{"price": 71200, "list": [1, true, null, "text"]}');
      for (const view of views) {
        await browserPage.getByRole("tab", { name: view, exact: true }).click();
        if (view === "Object") {
          await page.fieldsOf("This browser", "message");
          await page.fieldsOf("openline on Node.js", "message");
        }
        await check(`${view}, with a connection`);
      }
      assert.deepEqual(faults, []);
      await browserPage.context().close();
    });
  }

  test("a whole session by keyboard alone", async () => {
    const { page: browserPage, faults } = await openPage(browser, workbench.url);
    const page = new WorkbenchPage(browserPage);
    const { keyboard } = browserPage;
    await page.ready();

    /** Tabs on until what has the focus is called so. */
    const tabTo = async (name: RegExp) => {
      const seen: string[] = [];
      for (let presses = 0; presses < 80; presses++) {
        await keyboard.press("Tab");
        const focused = await browserPage.evaluate(() => {
          const element = document.activeElement;
          if (!(element instanceof HTMLElement)) return "";
          const labels =
            element instanceof HTMLInputElement || element instanceof HTMLTextAreaElement
              ? element.labels
              : null;
          return (
            element.getAttribute("aria-label") ??
            labels?.[0]?.textContent ??
            element.textContent ??
            ""
          ).trim();
        });
        if (name.test(focused)) return;
        seen.push(focused);
      }
      assert.fail(`Tab never got to ${name}: ${seen.join(", ")}`);
    };

    await tabTo(/^Skip to the timeline$/);
    await tabTo(/^This browser$/);
    await keyboard.press("ArrowRight");
    await keyboard.press("ArrowRight");
    await tabTo(/^Connect$/);
    await keyboard.press("Enter");
    for (const object of ["This browser", "openline on Node.js"] as const) await page.stateIs(object, "OPEN");

    await tabTo(/^Message$/);
    await keyboard.press("Control+A");
    await keyboard.type("by hand");
    await keyboard.press("Control+Enter");
    await page.events("This browser").locator("[data-what='message']").waitFor();

    // Into the events, and one of them opened.
    await tabTo(/^message/);
    await keyboard.press("Enter");
    await page.events("This browser").locator("dl").getByText('"by hand"').waitFor();

    // Back to the tabs by their arrow keys.
    await browserPage.getByRole("tab", { name: "Object" }).focus();
    await keyboard.press("ArrowRight");
    await keyboard.press("ArrowRight");
    await tabTo(/^Hold$/);
    await keyboard.press("Enter");
    await browserPage.getByRole("list", { name: "Active" }).getByText("Hold ⇄").waitFor();
    await browserPage.keyboard.press("Shift+Tab");
    await page.button("Heal").focus();
    await keyboard.press("Enter");
    await browserPage.getByText("No fault is active").waitFor();

    await browserPage.getByRole("tab", { name: "Faults" }).focus();
    await keyboard.press("Home");
    await tabTo(/^Code$/);
    await keyboard.type("1000");
    await tabTo(/^Reason$/);
    await keyboard.type("enough");
    await keyboard.press("Enter");
    await page.stateIs("This browser", "CLOSED");
    assert.deepEqual(faults, []);
    await browserPage.context().close();
  });

  test("the language is the browser's, can be changed, and is remembered", async () => {
    const { page: browserPage, faults } = await openPage(browser, workbench.url, { locale: "ko-KR" });
    browserPage.setDefaultTimeout(30_000);
    const lang = () => browserPage.evaluate(() => document.documentElement.lang);
    await browserPage.getByText("내장 서버가 실행 중입니다").waitFor();
    assert.equal(await lang(), "ko");
    for (const tab of ["객체", "차트", "장애", "기록"]) {
      await browserPage.getByRole("tab", { name: tab, exact: true }).click();
      // But for terms of the standards there is nothing English left.
      const words = await browserPage.getByRole("tabpanel").innerText();
      assert.doesNotMatch(words, /\b(?:Connect|Faults|Object|Line|the|is)\b/, tab);
    }
    await browserPage.getByLabel("언어").selectOption("en");
    await browserPage.getByRole("tab", { name: "Object", exact: true }).waitFor();
    assert.equal(await lang(), "en");
    await browserPage.reload();
    await browserPage.getByText("The embedded server is up").waitFor();
    assert.equal(await lang(), "en");
    assert.deepEqual(faults, []);
    await browserPage.context().close();
  });
});
