import { type ReadonlySignal, signal } from "@preact/signals";
import { ReconnectingWebSocket } from "openline/reconnecting";
import type { PageRequest, ServerMessage } from "../../../src/workbench/control-protocol.js";

/** `Omit` for each of a union's members. */
type WithoutRequest<T> = T extends { readonly request: number } ? Omit<T, "request"> : never;

/** What can be asked of the server; the connection adds the number. */
export type ControlRequest = WithoutRequest<PageRequest>;

/** What comes unasked. */
export type ServerNews = Exclude<ServerMessage, { readonly request: number }>;

/** What comes back: the value of a `done`, or the URL of a `line`. */
export type Answer = unknown;

interface Waiting {
  resolve(answer: Answer): void;
  reject(error: Error): void;
}

/** The connection to the local server. It comes back by itself; requests that it leaves behind are rejected. */
export class ControlConnection {
  readonly #isUp = signal(false);
  readonly #waiting = new Map<number, Waiting>();
  readonly #socket: ReconnectingWebSocket;
  #requests = 0;

  constructor(url: string | URL, onNews: (news: ServerNews) => void) {
    const socket = new ReconnectingWebSocket(url, [], { minDelay: 300, maxDelay: 5000, queue: false });
    this.#socket = socket;
    socket.addEventListener("up", () => {
      this.#isUp.value = true;
    });
    socket.addEventListener("down", () => this.#abandon());
    socket.addEventListener("close", () => this.#abandon());
    socket.addEventListener("message", ({ data }) => {
      if (typeof data !== "string") return;
      const message = JSON.parse(data) as ServerMessage;
      if ("request" in message) this.#settle(message);
      else onNews(message);
    });
  }

  get isUp(): ReadonlySignal<boolean> {
    return this.#isUp;
  }

  /** @returns what the server answers. Rejected with its words if it refuses, or if the connection ends before. */
  request(request: ControlRequest): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const number = ++this.#requests;
      // Throws while there's no connection, which rejects.
      this.#socket.send(JSON.stringify({ ...request, request: number }));
      this.#waiting.set(number, { resolve, reject });
    });
  }

  /** Tells that the page is through with a batch. */
  seen(batch: number): void {
    this.#socket.send(JSON.stringify({ type: "seen", batch }));
  }

  #settle(message: Extract<ServerMessage, { readonly request: number }>): void {
    const waiting = this.#waiting.get(message.request);
    if (!waiting) return;
    this.#waiting.delete(message.request);
    if (message.type === "refused") waiting.reject(new Error(message.message));
    else waiting.resolve(message.type === "line" ? message.url : message.value);
  }

  #abandon(): void {
    this.#isUp.value = false;
    for (const { reject } of this.#waiting.values()) reject(new Error("The local server has gone"));
    this.#waiting.clear();
  }
}
