import { launchChromium } from "@openline/conformance/chromium";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";

export { cannotRun } from "@openline/conformance/chromium";

/** How people come to the page: their screen, colours, language. */
export interface Visitor {
  readonly width?: number;
  readonly height?: number;
  readonly colorScheme?: "light" | "dark";
  readonly locale?: "en-US" | "ko-KR";
  readonly reducedMotion?: "reduce" | "no-preference";
}

/** A page with what must not happen on it: messages of the console, errors, requests to other hosts. */
export interface WatchedPage {
  readonly page: Page;
  /** One line each. */
  readonly faults: readonly string[];
}

export async function launchBrowser(flags: readonly string[] = []): Promise<Browser> {
  // conformance declares no more of it than it calls, so as to do without the DOM's types.
  return (await launchChromium(flags)) as unknown as Browser;
}

/** A page in a context of its own, with empty storage. */
export async function openPage(browser: Browser, url: string, visitor: Visitor = {}): Promise<WatchedPage> {
  const {
    width = 1280,
    height = 800,
    colorScheme = "light",
    locale = "en-US",
    reducedMotion = "no-preference",
  } = visitor;
  const options: BrowserContextOptions = {
    viewport: { width, height },
    colorScheme,
    locale,
    reducedMotion,
    permissions: ["clipboard-read", "clipboard-write"],
  };
  const context = await browser.newContext(options);
  const page = await context.newPage();
  const faults: string[] = [];
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type()))
      faults.push(`console ${message.type()}: ${message.text()}`);
  });
  page.on("pageerror", (error) => faults.push(`error: ${error.message}`));
  const allowed = new Set(["127.0.0.1", "localhost"]);
  const look = (kind: string, address: string) => {
    const { protocol, hostname } = new URL(address);
    if (protocol !== "data:" && protocol !== "blob:" && !allowed.has(hostname))
      faults.push(`${kind} to ${address}`);
  };
  page.on("request", (request) => look("request", request.url()));
  page.on("websocket", (socket) => look("WebSocket", socket.url()));
  await page.goto(url);
  return { page, faults };
}
