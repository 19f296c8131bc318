import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { opened, WebSocket } from "openline";
import { chromiumProgram } from "../browser-parity/chromium.js";

type Result = Readonly<Record<string, unknown>>;

interface Answer {
  readonly id?: number;
  readonly method?: string;
  readonly params?: Result;
  readonly result?: Result;
  readonly error?: { readonly message: string };
}

/**
 * A window of Chromium, driven by the DevTools protocol alone: Playwright keeps each of its pages visible and active for
 * good, and this one can be hidden, frozen, left and come back to.
 */
export class ChromiumWindow {
  readonly #devTools: WebSocket;
  readonly #answers = new Map<number, (answer: Answer) => void>();
  readonly #events: Answer[] = [];
  readonly #end: () => Promise<void>;
  #commands = 0;
  #session: string | undefined;

  private constructor(devTools: WebSocket, end: () => Promise<void>) {
    this.#devTools = devTools;
    this.#end = end;
    devTools.onmessage = ({ data }) => {
      const answer = JSON.parse(String(data)) as Answer;
      if (answer.id === undefined) this.#events.push(answer);
      else this.#answers.get(answer.id)?.(answer);
    };
  }

  /** Starts a Chromium with one window. */
  static async open(): Promise<ChromiumWindow> {
    const profile = await mkdtemp(join(tmpdir(), "openline-chromium-"));
    const { executablePath, args, env } = await chromiumProgram([
      "--remote-debugging-port=0",
      `--user-data-dir=${profile}`,
    ]);
    const browser = spawn(executablePath, args, { env, stdio: ["ignore", "ignore", "pipe"] });
    const exited = once(browser, "exit");
    const devTools = new WebSocket(await devToolsUrl(createInterface(browser.stderr)));
    browser.stderr.resume();
    await opened(devTools);
    const window = new ChromiumWindow(devTools, async () => {
      browser.kill();
      await exited;
      await rm(profile, { recursive: true, force: true, maxRetries: 5 });
    });
    const { targetId } = await window.#send("Target.createTarget", { url: "about:blank" });
    const { sessionId } = await window.#send("Target.attachToTarget", { targetId, flatten: true });
    window.#session = sessionId as string;
    await window.#send("Page.enable");
    return window;
  }

  async close(): Promise<void> {
    this.#devTools.close();
    await this.#end();
  }

  async goTo(url: string): Promise<void> {
    const { loaderId } = await this.#send("Page.navigate", { url });
    await this.until(`document.readyState === "complete" && location.href === ${JSON.stringify(url)}`);
    if (loaderId === undefined) throw new Error(`No new document for ${url}`);
  }

  /**
   * Back to the document before this one.
   * @returns why the back-forward cache was not used.
   */
  async goBack(): Promise<string[]> {
    this.#events.length = 0;
    const { entries, currentIndex } = await this.#send("Page.getNavigationHistory");
    const before = (entries as { id: number; url: string }[])[(currentIndex as number) - 1];
    await this.#send("Page.navigateToHistoryEntry", { entryId: before?.id });
    await this.until(
      `document.readyState === "complete" && location.href === ${JSON.stringify(before?.url)}`,
    );
    // Chromium tells it in its own time.
    const told = () => this.#events.find(tellsOfCache);
    while (told() === undefined) await new Promise((resolve) => setTimeout(resolve, 10));
    const explanations = (told()?.params?.["notRestoredExplanations"] ?? []) as { reason: string }[];
    return explanations.map(({ reason }) => reason).sort();
  }

  /** Minimized, which hides the page, or not. */
  async minimize(isMinimized: boolean): Promise<void> {
    const { windowId } = await this.#send("Browser.getWindowForTarget");
    const bounds = { windowState: isMinimized ? "minimized" : "normal" };
    await this.#send("Browser.setWindowBounds", { windowId, bounds });
    await this.until(`document.visibilityState === "${isMinimized ? "hidden" : "visible"}"`);
  }

  /** A frozen page runs nothing, as in the back-forward cache. */
  async freeze(isFrozen: boolean): Promise<void> {
    await this.#send("Page.setWebLifecycleState", { state: isFrozen ? "frozen" : "active" });
  }

  /** @returns what the expression gives, once its promise is settled. */
  async evaluate(expression: string): Promise<unknown> {
    const { result, exceptionDetails } = await this.#send("Runtime.evaluate", {
      expression,
      awaitPromise: true,
      returnByValue: true,
    });
    if (exceptionDetails !== undefined) throw new Error(`${expression}: ${JSON.stringify(exceptionDetails)}`);
    return (result as Result | undefined)?.["value"];
  }

  /** Waits for a condition in the page. */
  async until(condition: string): Promise<void> {
    while ((await this.evaluate(`!!(${condition})`).catch(() => false)) !== true) {
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  async #send(method: string, params: Result = {}): Promise<Result> {
    const id = ++this.#commands;
    const answered = new Promise<Answer>((resolve) => this.#answers.set(id, resolve));
    const session = this.#session === undefined ? {} : { sessionId: this.#session };
    this.#devTools.send(JSON.stringify({ id, method, params, ...session }));
    const { result = {}, error } = await answered;
    this.#answers.delete(id);
    if (error !== undefined) throw new Error(`${method}: ${error.message}`);
    return result;
  }
}

function tellsOfCache({ method, params }: Answer): boolean {
  if (method === "Page.frameNavigated") return params?.["type"] === "BackForwardCacheRestore";
  return method === "Page.backForwardCacheNotUsed";
}

async function devToolsUrl(lines: AsyncIterable<string>): Promise<string> {
  for await (const line of lines) {
    const url = /^DevTools listening on (ws:\S+)/.exec(line)?.[1];
    if (url !== undefined) return url;
  }
  throw new Error("Chromium ended without a word of its DevTools");
}
