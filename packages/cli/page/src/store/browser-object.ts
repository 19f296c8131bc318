import { ReconnectingWebSocket } from "openline/reconnecting";
import type {
  FieldValue,
  ObjectProperties,
  ObjectReport,
  SessionId,
} from "../../../src/workbench/control-protocol.js";
import { eventFields, shownValue } from "../../../src/workbench/event-fields.js";
import type { Dial } from "./session.js";

const eventTypes = ["open", "message", "error", "close", "reconnecting", "up", "down", "lost"];

/** How often `bufferedAmount` is looked at while it isn't 0: no event tells of it. */
const sampleEvery = 100;

/** How many milliseconds a burst may keep the page from doing anything else. */
const longestTask = 8;

/** How many milliseconds a connection that nobody needs any more may take to close. */
const closingTime = 500;

/** What the page can do with an object, wherever it lives. */
export interface LiveObject {
  send(data: string | ArrayBuffer, count: number): Promise<void>;
  close(code?: number, reason?: string): Promise<void>;
  reconnect(): Promise<void>;
  setBinaryType(binaryType: BinaryType): Promise<void>;
}

/** The browser's own object, which tells what it does in the same words as openline's in the server's process. */
export class BrowserObject implements LiveObject {
  readonly #session: SessionId;
  readonly #report: (report: ObjectReport) => void;
  readonly #socket: WebSocket | ReconnectingWebSocket;
  #sampling: ReturnType<typeof setInterval> | undefined;

  /** @throws what the constructor throws. */
  constructor(
    session: SessionId,
    url: string,
    { protocols, reconnecting, reconnectingOptions, heartbeat = "" }: Dial,
    report: (report: ObjectReport) => void,
  ) {
    this.#session = session;
    this.#report = report;
    const list = [...protocols];
    this.#socket = reconnecting
      ? new ReconnectingWebSocket(url, list, {
          ...reconnectingOptions,
          ...(heartbeat === ""
            ? {}
            : { heartbeat: { message: heartbeat, isReply: (data: unknown) => data === heartbeat } }),
        })
      : new WebSocket(url, list);
    this.#tell("construct", { url, protocols: list.join(", ") });
    for (const type of eventTypes) {
      this.#socket.addEventListener(type, (event: Event) => this.#tell(event.type, eventFields(event)));
    }
  }

  /** Lets the page breathe while it sends many: no task is longer than a few milliseconds. */
  async send(data: string | ArrayBuffer, count: number): Promise<void> {
    let sent = 0;
    while (sent < count) {
      if (sent > 0) await new Promise((resolve) => setTimeout(resolve));
      const deadline = performance.now() + longestTask;
      this.#attempt(() => {
        while (sent < count && performance.now() < deadline) {
          const stop = Math.min(count, sent + 50);
          for (; sent < stop; sent++) this.#socket.send(data);
        }
      });
      if (sent < count) this.#sample();
    }
    this.#tell("send", { data: shownValue(data), count });
    this.#sample();
  }

  async close(code?: number, reason?: string): Promise<void> {
    const fields: Record<string, FieldValue> = {};
    if (code !== undefined) fields["code"] = code;
    if (reason !== undefined) fields["reason"] = reason;
    this.#attempt(() => this.#socket.close(code, reason));
    this.#tell("close()", fields);
  }

  async reconnect(): Promise<void> {
    if (!(this.#socket instanceof ReconnectingWebSocket)) return;
    this.#socket.reconnect();
    this.#tell("reconnect()", {});
  }

  async setBinaryType(binaryType: BinaryType): Promise<void> {
    this.#socket.binaryType = binaryType;
    this.#tell("binaryType", { value: binaryType });
  }

  /** Ends it, and gives its closing handshake a moment. */
  async forget(): Promise<void> {
    clearInterval(this.#sampling);
    if (this.#socket.readyState === WebSocket.CLOSED) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, closingTime);
      this.#socket.addEventListener("close", () => {
        clearTimeout(timer);
        resolve();
      });
      this.#socket.close();
    });
  }

  /** Shows the exception that the call throws. */
  #attempt(call: () => void): void {
    try {
      call();
    } catch (error) {
      const { name, message } = error as Error;
      this.#tell("exception", { name, message });
      throw error;
    }
  }

  #tell(what: string, fields: Record<string, FieldValue>): void {
    const { url, readyState, protocol, extensions, bufferedAmount, binaryType } = this.#socket;
    const properties: ObjectProperties = {
      url,
      readyState: readyState as ObjectProperties["readyState"],
      protocol,
      extensions,
      bufferedAmount,
      binaryType,
    };
    const time = performance.timeOrigin + performance.now();
    this.#report({ session: this.#session, time, what, fields, properties });
  }

  #sample(): void {
    this.#sampling ??= setInterval(() => {
      this.#tell("sample", {});
      if (this.#socket.bufferedAmount > 0 && this.#socket.readyState < WebSocket.CLOSING) return;
      clearInterval(this.#sampling);
      this.#sampling = undefined;
    }, sampleEvery);
  }
}
