import type { ReconnectingOptions, SessionId, WireData } from "../../../src/workbench/control-protocol.js";
import type { ControlConnection } from "../control/control-connection.js";
import { toBase64 } from "../line/base64.js";
import { BrowserObject, type LiveObject } from "./browser-object.js";
import { ReportLog } from "./report-log.js";
import type { Traffic } from "./traffic.js";

/** Where an object lives: in this page, or as openline's in the server's process. */
export type Through = "browser" | "node";

/** What an object is made with. */
export interface Dial {
  readonly url: string;
  readonly protocols: readonly string[];
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly reconnecting: boolean;
  /** Only with `reconnecting`. */
  readonly reconnectingOptions?: ReconnectingOptions;
  /** What a page's object sends in place of a ping, and gets back; empty for none. */
  readonly heartbeat?: string;
}

/** One object under observation. */
export class Session {
  readonly id: SessionId;
  readonly through: Through;
  readonly dial: Dial;
  /** What it did. */
  readonly reports = new ReportLog();
  readonly #control: ControlConnection;
  #object: LiveObject | undefined;

  constructor(id: SessionId, through: Through, dial: Dial, control: ControlConnection) {
    this.id = id;
    this.through = through;
    this.dial = dial;
    this.#control = control;
  }

  /** Has the line opened and the object made. Rejected if either is refused. */
  async open(traffic: Traffic): Promise<void> {
    const { id: session, through } = this;
    const { heartbeat, reconnectingOptions, ...dial } = this.dial;
    const forNode = through === "node" && reconnectingOptions ? { reconnectingOptions } : {};
    const answer = await this.#control.request({ type: "dial", session, through, ...dial, ...forNode });
    if (through === "node") {
      this.#object = new RemoteObject(session, this.#control);
      return;
    }
    this.#object = new BrowserObject(session, String(answer), this.dial, (report) => {
      this.reports.push(report);
      traffic.countReport(report);
    });
  }

  async send(data: string | ArrayBuffer, count = 1): Promise<void> {
    await this.#object?.send(data, count);
  }

  /** @returns the round-trip time in milliseconds. Only openline's object has a ping; a page's own has none. */
  async ping(): Promise<number | undefined> {
    const roundTrip = await this.#control.request({ type: "ping", session: this.id });
    return typeof roundTrip === "number" ? roundTrip : undefined;
  }

  async close(code?: number, reason?: string): Promise<void> {
    await this.#object?.close(code, reason);
  }

  /** Of a `ReconnectingWebSocket`: a new connection now. */
  async reconnect(): Promise<void> {
    await this.#object?.reconnect();
  }

  async setBinaryType(binaryType: BinaryType): Promise<void> {
    await this.#object?.setBinaryType(binaryType);
  }

  /** Ends the object and its line. */
  async forget(): Promise<void> {
    if (this.#object instanceof BrowserObject) await this.#object.forget();
    await this.#control.request({ type: "forget", session: this.id });
  }
}

/** openline's object in the server's process. */
class RemoteObject implements LiveObject {
  readonly #session: SessionId;
  readonly #control: ControlConnection;

  constructor(session: SessionId, control: ControlConnection) {
    this.#session = session;
    this.#control = control;
  }

  async send(message: string | ArrayBuffer, count: number): Promise<void> {
    const data: WireData =
      typeof message === "string" ? { text: message } : { base64: toBase64(new Uint8Array(message)) };
    await this.#control.request({ type: "send", session: this.#session, data, count });
  }

  async close(code?: number, reason?: string): Promise<void> {
    const session = this.#session;
    await this.#control.request({
      type: "close",
      session,
      ...(code === undefined ? {} : { code }),
      ...(reason === undefined ? {} : { reason }),
    });
  }

  async reconnect(): Promise<void> {
    await this.#control.request({ type: "reconnect", session: this.#session });
  }

  async setBinaryType(binaryType: BinaryType): Promise<void> {
    await this.#control.request({ type: "binary-type", session: this.#session, binaryType });
  }
}
