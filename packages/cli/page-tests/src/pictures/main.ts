import { writeFile } from "node:fs/promises";
import process from "node:process";
import { fileURLToPath } from "node:url";
import type { Browser } from "playwright-core";
import { launchBrowser, openPage } from "../browser.js";
import { WorkbenchProcess } from "../workbench.js";
import { WorkbenchPage } from "../workbench-page.js";
import { recordTerminal } from "./terminal-recording.js";
import { terminalSvg } from "./terminal-svg.js";

// The pictures of the README, taken from the real thing: `npm run docs:pictures`.

const docs = new URL("../../../../../docs/", import.meta.url);
const command = fileURLToPath(new URL("../../../bin/openline.js", import.meta.url));

/** The workbench in the middle of its work. */
async function picture(browser: Browser, url: string, colorScheme: "light" | "dark"): Promise<void> {
  const { page: browserPage } = await openPage(browser, url, {
    width: 1360,
    height: 850,
    colorScheme,
    reducedMotion: "reduce",
  });
  const page = new WorkbenchPage(browserPage);
  await page.connect("Both, side by side");
  for (const object of ["This browser", "openline on Node.js"] as const) await page.stateIs(object, "OPEN");
  await page.sendText("Hello, line");
  await arrived(page, 1);
  await page.choose("As", "Binary");
  await browserPage.getByLabel("Message", { exact: true }).fill("48 65 6c 6c 6f 00 ff");
  await page.button("Send").click();
  await arrived(page, 2);
  await page.choose("As", "JSON");
  await browserPage
    .getByLabel("Message", { exact: true })
    .fill('{"type": "subscribe", "channels": ["prices", "trades"], "symbols": ["KRX:005930"]}');
  await page.button("Send").click();
  await arrived(page, 3);
  await page.button("Ping").click();
  await page.rows.filter({ hasText: "pong" }).first().waitFor();
  await page.rows.filter({ hasText: "subscribe" }).last().click();
  await page.fieldsOf("This browser", "open");
  await page.fieldsOf("openline on Node.js", "open");
  await browserPage.mouse.move(0, 0);
  await browserPage.screenshot({ path: fileURLToPath(new URL(`workbench-${colorScheme}.png`, docs)) });
  await browserPage.context().close();
}

async function arrived(page: WorkbenchPage, count: number): Promise<void> {
  for (const object of ["This browser", "openline on Node.js"] as const) {
    await page
      .events(object)
      .locator("[data-what='message']")
      .nth(count - 1)
      .waitFor();
  }
}

async function recording(): Promise<void> {
  const server = await WorkbenchProcess.start(["serve", "--port", "8080"], /ws:\/\/\S+/);
  try {
    const { url } = server;
    const screen = await recordTerminal(
      [process.execPath, command, "connect", url],
      `openline connect ${url}`,
      [
        { after: /open/i, line: "Hello, line" },
        { after: /Hello, line[\s\S]*Hello, line/, line: '/json {"price": 71200, "list": [1, true]}' },
        { after: /71200[\s\S]*71200/, line: "/binary 48656c6c6f00ff" },
        { after: /00000000|48 65 6c/, line: "/ping" },
        { after: /pong/i, line: "/close 1000 bye" },
      ],
    );
    await writeFile(new URL("terminal.svg", docs), terminalSvg("openline connect in a terminal", screen));
  } finally {
    await server.stop();
  }
}

const workbench = await WorkbenchProcess.start();
const browser = await launchBrowser();
try {
  await picture(browser, workbench.url, "light");
  await picture(browser, workbench.url, "dark");
} finally {
  await browser.close();
  await workbench.stop();
}
await recording();
