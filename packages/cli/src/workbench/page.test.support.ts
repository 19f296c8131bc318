import assert from "node:assert/strict";
import { setMaxListeners } from "node:events";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after } from "node:test";
import { WebSocket } from "openline";
import { Recording } from "../recording/recording.js";
import { temporaryFolder } from "../testing-support/command-environment.test.support.js";
import { within } from "../testing-support/guard.test.support.js";
import type { Scope } from "../testing-support/peers.test.support.js";
import type {
  DialRequest,
  HelloMessage,
  ObjectReport,
  PageRequest,
  Place,
  ServerMessage,
  WireEvent,
} from "./control-protocol.js";
import { startWorkbench, type Workbench, type WorkbenchOptions } from "./workbench.js";

/** What is tied to it ends after all tests of the file; to be made at its top, for a hook in a hook comes too early. */
export function fileScope(): Scope {
  const ends: (() => unknown)[] = [];
  after(async () => {
    for (const end of ends.reverse()) await end();
  });
  return { after: (end) => ends.push(end) };
}

/** A page as Vite would build it, so that these tests don't have to. */
export async function pageFolder(): Promise<string> {
  const folder = temporaryFolder();
  await mkdir(join(folder, "page", "assets"), { recursive: true });
  await writeFile(join(folder, "secret.txt"), "not for the page");
  await writeFile(join(folder, "page", "index.html"), "<!doctype html><title>page</title>");
  await writeFile(join(folder, "page", "assets", "main.js"), "export {};");
  await writeFile(join(folder, "page", "assets", "main.css"), "body {}");
  return join(folder, "page");
}

/** A workbench with its recording, until the test is over. */
export async function testWorkbench(
  scope: Scope,
  options: Partial<WorkbenchOptions> = {},
): Promise<Workbench & { readonly recording: Recording }> {
  const recording = options.recording ?? new Recording();
  const workbench = await startWorkbench({
    port: 0,
    version: "1.2.3",
    recording,
    pageDirectory: await pageFolder(),
    ...options,
  });
  scope.after(async () => {
    await workbench.close();
    recording.close();
  });
  return { ...workbench, recording };
}

/** What a request is, without its number. */
type Question = PageRequest extends infer R
  ? R extends { readonly request: number }
    ? Omit<R, "request">
    : never
  : never;

export type Answer = Extract<ServerMessage, { readonly request: number }>;

/** The control connection as a page has it. */
export class TestPage {
  readonly socket: WebSocket;
  /** All that came, as it came. */
  text = "";
  /** All but the batches. */
  readonly messages: ServerMessage[] = [];
  readonly wire: WireEvent[] = [];
  readonly reports: ObjectReport[] = [];
  /** Frames and reports that it was told the number of only. */
  missed = 0;
  batches = 0;
  /** Whether it tells that it is through with each batch. */
  keepsUp = true;
  #requests = 0;
  readonly #changed = new EventTarget();

  constructor(url: string, origin = new URL(url).origin) {
    // There are as many listeners as questions under way.
    setMaxListeners(0, this.#changed);
    this.socket = new WebSocket(new URL("control", url.replace(/^http/, "ws")), { origin });
    this.socket.addEventListener("message", ({ data }) => {
      this.text += data;
      this.#take(JSON.parse(String(data)) as ServerMessage);
      this.#changed.dispatchEvent(new Event("change"));
    });
    this.socket.addEventListener("close", () => this.#changed.dispatchEvent(new Event("change")));
  }

  /** A page that has been told what there is. */
  static async open(scope: Scope, { url }: Workbench): Promise<TestPage> {
    const page = new TestPage(url);
    scope.after(() => page.socket.close());
    await page.until(() => page.messages.some(({ type }) => type === "hello"), "hello");
    return page;
  }

  /** The number of the last request. */
  get lastRequest(): number {
    return this.#requests;
  }

  get hello(): HelloMessage {
    const hello = this.messages.find((message) => message.type === "hello");
    if (hello === undefined) throw new Error("The page has not been told anything yet");
    return hello;
  }

  place(name: Place["name"]): string {
    const place = this.hello.places.find((one) => one.name === name);
    if (place === undefined) throw new Error(`There is no place ${name}`);
    return place.url;
  }

  /** Asks, and gives the answer. */
  async ask(question: Question): Promise<Answer> {
    const request = ++this.#requests;
    this.socket.send(JSON.stringify({ ...question, request }));
    return this.until(
      () => {
        return this.messages.find(
          (message): message is Answer => "request" in message && message.request === request,
        );
      },
      `the answer to ${JSON.stringify(question).slice(0, 200)}`,
    );
  }

  /** Makes an object of openline's, and waits until it is open. */
  async dial(session: string, url: string, more: Partial<DialRequest> = {}): Promise<Answer> {
    const first = this.reports.length;
    const answer = await this.ask({
      type: "dial",
      session,
      through: "node",
      url,
      protocols: [],
      headers: [],
      reconnecting: false,
      ...more,
    });
    if (answer.type === "line" && more.through !== "browser") await this.reported(session, "open", first);
    return answer;
  }

  /** Ends a session. */
  async forget(session: string): Promise<void> {
    const { type } = await this.ask({ type: "forget", session });
    assert.equal(type, "done", `the end of ${session}`);
  }

  /** Waits for the first report of this kind; from `first` on, if given. */
  async reported(session: string, what: string, first = 0): Promise<ObjectReport> {
    return this.until(
      () => this.reports.slice(first).find((report) => report.session === session && report.what === what),
      `"${what}" of ${session}`,
    );
  }

  /** Waits until `look` gives something. */
  async until<T>(look: () => T, what: string): Promise<NonNullable<Exclude<T, false>>> {
    let stop = (): void => {};
    const found = new Promise<NonNullable<Exclude<T, false>>>((resolve) => {
      const check = (): void => {
        const value = look();
        if (value !== undefined && value !== null && value !== false) {
          resolve(value as NonNullable<Exclude<T, false>>);
        }
      };
      this.#changed.addEventListener("change", check);
      stop = () => this.#changed.removeEventListener("change", check);
      check();
    });
    try {
      return await within(
        found,
        () => `${what}; there was ${JSON.stringify([this.messages, this.reports]).slice(0, 4000)}`,
      );
    } finally {
      stop();
    }
  }

  /** Says that it is through with all batches so far. */
  catchUp(): void {
    this.socket.send(JSON.stringify({ type: "seen", batch: this.batches }));
  }

  #take(message: ServerMessage): void {
    if (message.type !== "batch") {
      this.messages.push(message);
      return;
    }
    this.batches = message.batch;
    this.wire.push(...message.wire);
    this.reports.push(...message.reports);
    for (const { count } of message.missed) this.missed += count;
    if (this.keepsUp) this.catchUp();
  }
}
