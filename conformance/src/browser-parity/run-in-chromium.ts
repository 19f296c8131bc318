import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { launchChromium } from "./chromium.js";
import type { Peer } from "./peer.js";
import type { Browser, Page } from "./playwright.js";
import type { Scene } from "./scene.js";
import { createStage } from "./stage.js";

/** Runs the client's source text in a page of its own and gives its part of the transcript, as JSON. */
export class ChromiumRunner {
  readonly #browser: Browser;
  readonly #origin: string;
  readonly #stop: () => void;
  #page: Page | undefined;

  private constructor(browser: Browser, origin: string, stop: () => void) {
    this.#browser = browser;
    this.#origin = origin;
    this.#stop = stop;
  }

  static async start(): Promise<ChromiumRunner> {
    // A page from http://127.0.0.1 may open ws: connections; about:blank and https: pages may not.
    const pages = createServer((_, response) => {
      response.setHeader("content-type", "text/html").end("<!doctype html><title>browser parity</title>");
    });
    await once(pages.listen(0, "127.0.0.1"), "listening");
    const origin = `http://127.0.0.1:${(pages.address() as AddressInfo).port}/`;
    return new ChromiumRunner(await launchChromium(), origin, () => pages.close());
  }

  get version(): string {
    return this.#browser.version();
  }

  async run(scene: Scene, peer: Peer): Promise<string> {
    await this.#page?.close();
    // A context of its own means a renderer of its own: Chromium makes a renderer wait that had failures before.
    const page = await this.#browser.newPage();
    this.#page = page;
    await page.exposeFunction("parityTell", (step) => peer.reached.reach(step));
    await page.exposeFunction("parityTold", (step) => peer.told.wait(step));
    await page.goto(this.#origin);
    return (await page.evaluate(pageScript(scene, peer.port))) as string;
  }

  /** What the page's script recorded so far, for a scene that never ends. */
  async soFar(): Promise<string> {
    return (await this.#page?.evaluate("parityStage.transcript()")) as string;
  }

  async stop(): Promise<void> {
    await this.#browser.close();
    this.#stop();
  }
}

function pageScript(scene: Scene, port: number): string {
  return `(async () => {
    "use strict";
    const createStage = ${createStage};
    const client = ${scene.client};
    const platform = { WebSocket, WebSocketStream, WebSocketError, CloseEvent, MessageEvent };
    globalThis.parityStage = createStage(platform, ${port}, {
      tell: parityTell,
      told: parityTold,
    });
    addEventListener("error", (event) => parityStage.uncaught(event.error));
    await client(parityStage.stage);
    return parityStage.transcript();
  })()`;
}
