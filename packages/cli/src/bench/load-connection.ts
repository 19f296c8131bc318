import type { RecordableHistogram } from "node:perf_hooks";
import { type ErrorEvent, WebSocket, type WebSocketOptions } from "openline";
import { visibleLine } from "../terminal/visible-text.js";
import type { Counts } from "./load-protocol.js";
import { TimeQueue } from "./time-queue.js";

/** What the connections of a thread have in common. */
export interface LoadContext {
  readonly url: string;
  readonly options: WebSocketOptions;
  readonly payload: string | ArrayBuffer;
  /** Bytes of the payload. */
  readonly size: number;
  readonly takeAnyReply: boolean;
  /** Most messages that may be under way on one connection. */
  readonly inFlight: number;
  /** Bytes that may wait for the network before messages are held back. */
  readonly mostWaiting: number;
  readonly counts: Counts;
  readonly roundTrips: RecordableHistogram;
  /** A reply has come to this connection. */
  onReply(connection: LoadConnection): void;
  /** The connection was open and is over, for this reason. */
  onEnd(connection: LoadConnection, reason: string): void;
}

/** A connection that messages are sent on, and whose replies are timed. */
export class LoadConnection {
  readonly #context: LoadContext;
  readonly #ws: WebSocket;
  readonly #bytes: Buffer | undefined;
  /** When the messages that are under way were to be sent. */
  readonly #underWay = new TimeQueue();
  /** When those that are held back were. */
  readonly #heldBack = new TimeQueue();
  #closing: (() => void) | undefined;

  /** Resolves once it is open, or rejects with an error whose message says why it can't be. */
  readonly opened: Promise<void>;

  constructor(context: LoadContext) {
    const { url, options, payload } = context;
    const ws = new WebSocket(url, options);
    ws.binaryType = "arraybuffer";
    ws.onmessage = ({ data }) => this.#onMessage(data as string | ArrayBuffer);
    this.#context = context;
    this.#ws = ws;
    this.#bytes = typeof payload === "string" ? undefined : Buffer.from(payload);
    this.opened = new Promise((resolve, reject) => {
      let failure: string | undefined;
      let wasOpen = false;
      ws.onopen = () => {
        wasOpen = true;
        resolve();
      };
      ws.onerror = (event) => {
        failure = describe((event as ErrorEvent).error);
      };
      ws.onclose = ({ code, reason }) => {
        const why = failure ?? describeClose(code, reason);
        if (!wasOpen) reject(new Error(why));
        else if (this.#closing === undefined) context.onEnd(this, why);
        this.#closing?.();
      };
    });
  }

  get isOpen(): boolean {
    return this.#ws.readyState === WebSocket.OPEN;
  }

  get unanswered(): number {
    return this.#underWay.length;
  }

  get heldBack(): number {
    return this.#heldBack.length;
  }

  /** A message is due since `time`: it goes out now, or as soon as there is room, and is timed from then on. */
  due(time: number): void {
    if (this.#heldBack.length === 0 && this.#hasRoom()) this.#send(time);
    else {
      this.#heldBack.push(time);
      this.catchUp();
    }
  }

  /** Sends what was held back, as far as there is room. */
  catchUp(): void {
    while (this.#heldBack.length > 0 && this.#hasRoom()) this.#send(this.#heldBack.shift() ?? 0);
  }

  /** Resolves once it is closed. */
  close(): Promise<void> {
    return new Promise((resolve) => {
      this.#closing = resolve;
      if (this.#ws.readyState === WebSocket.CLOSED) resolve();
      else this.#ws.close(1000);
    });
  }

  #hasRoom(): boolean {
    const { inFlight, mostWaiting } = this.#context;
    return this.#underWay.length < inFlight && this.#ws.bufferedAmount < mostWaiting;
  }

  #send(time: number): void {
    if (!this.isOpen) return;
    const { payload, size, counts } = this.#context;
    this.#underWay.push(time);
    counts.sent += 1;
    counts.bytesSent += size;
    this.#ws.send(payload);
  }

  #onMessage(data: string | ArrayBuffer): void {
    const { counts, roundTrips, takeAnyReply, size } = this.#context;
    const isReply = takeAnyReply || this.#isEcho(data);
    const time = isReply ? this.#underWay.shift() : undefined;
    counts.bytesReceived += takeAnyReply || !isReply ? sizeOf(data) : size;
    if (time === undefined) {
      counts.others += 1;
      return;
    }
    counts.replies += 1;
    roundTrips.record(Math.max(1, Math.round((performance.now() - time) * 1e6)));
    this.#context.onReply(this);
  }

  #isEcho(data: string | ArrayBuffer): boolean {
    if (typeof data === "string") return data === this.#context.payload;
    return this.#bytes?.equals(new Uint8Array(data)) === true;
  }
}

function sizeOf(data: string | ArrayBuffer): number {
  return typeof data === "string" ? Buffer.byteLength(data) : data.byteLength;
}

function describeClose(code: number, reason: string): string {
  if (code === 1006) return "the connection was cut";
  return `the server closed with ${code}${reason === "" ? "" : ` ${visibleLine(reason)}`}`;
}

function describe({ code, message }: ErrorEvent["error"]): string {
  const hint = message.includes("EMFILE") ? ": this machine allows too few open files (ulimit -n)" : "";
  return visibleLine(`${message.includes(code) ? message : `${message} (${code})`}${hint}`);
}
