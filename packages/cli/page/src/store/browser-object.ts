import { ReconnectingWebSocket } from "openline/reconnecting";
import type {
  FieldValue,
  ObjectProperties,
  ObjectReport,
  SessionId,
} from "../../../src/workbench/control-protocol.js";
import { eventFields, fieldValue } from "./event-fields.js";

const eventTypes = ["open", "message", "error", "close", "reconnecting", "up", "down", "lost"];

/** How often `bufferedAmount` is looked at while it isn't 0: no event tells of it. */
const sampleEvery = 100;

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
    protocols: readonly string[],
    reconnecting: boolean,
    report: (report: ObjectReport) => void,
  ) {
    this.#session = session;
    this.#report = report;
    const list = [...protocols];
    this.#socket = reconnecting ? new ReconnectingWebSocket(url, list) : new WebSocket(url, list);
    this.#tell("construct", { url, protocols: list.join(", ") });
    for (const type of eventTypes) {
      this.#socket.addEventListener(type, (event: Event) => this.#tell(event.type, eventFields(event)));
    }
  }

  async send(data: string | ArrayBuffer, count: number): Promise<void> {
    this.#attempt("send", { data: fieldValue(data), count }, () => {
      for (let i = 0; i < count; i++) this.#socket.send(data);
    });
    this.#sample();
  }

  async close(code?: number, reason?: string): Promise<void> {
    const fields: Record<string, FieldValue> = {};
    if (code !== undefined) fields["code"] = code;
    if (reason !== undefined) fields["reason"] = reason;
    this.#attempt("close()", fields, () => this.#socket.close(code, reason));
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

  /** Ends it, whatever it does. */
  forget(): void {
    clearInterval(this.#sampling);
    this.#socket.close();
  }

  #attempt(what: string, fields: Record<string, FieldValue>, call: () => void): void {
    try {
      call();
    } catch (error) {
      const { name, message } = error as Error;
      this.#tell("exception", { name, message });
      throw error;
    }
    this.#tell(what, fields);
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
