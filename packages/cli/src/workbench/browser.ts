import process from "node:process";
import type { Workbench } from "./workbench.js";

/** Prints the page's address as the first line and, on a terminal, opens the browser on it unless that isn't wanted. */
export async function showPage(workbench: Workbench, isWanted: boolean): Promise<void> {
  process.stdout.write(`${workbench.url}\n`);
  if (isWanted) await openBrowser(workbench);
}

/** Opens the browser on the page, if somebody sits there. */
export async function openBrowser(workbench: Workbench): Promise<void> {
  if (!process.stdout.isTTY) return;
  try {
    const { default: open } = await import("open");
    const browser = await open(workbench.invite());
    // A machine without a browser: the address is there to be opened elsewhere.
    browser.on("error", () => {});
  } catch {
    // The same.
  }
}
