import { setTimeout as sleep } from "node:timers/promises";
import { closed, drained, ping, WebSocket } from "openline";
import { ReconnectingWebSocket } from "openline/reconnecting";
import type { DialRequest, ObjectReport, SendRequest, SessionId, WireData } from "./control-protocol.js";
import { ObjectWatch } from "./watch-object.js";

/** Bytes that wait for the network before a burst waits, too. */
const mostBuffered = 4 * 2 ** 20;
/** Most messages of a burst that are sent in one go, and most bytes: the page is to be answered in between. */
const sliceLength = 200;
const sliceSize = 2 ** 18;
/** Milliseconds between two looks at the properties. */
const sampleInterval = 100;

/** Milliseconds for the closing handshake of a session that is over. */
const longestClosing = 1000;

/** What a session tells. */
export interface SessionListener {
  report(report: ObjectReport): void;
  /** Whether there is room for another report of a `message` event. */
  hasRoom(session: SessionId): boolean;
  showUrl(url: string): string;
}

/** openline's object on this side of a line, as the page drives it. */
export class NodeObject {
  readonly #object: WebSocket | ReconnectingWebSocket;
  readonly #watch: ObjectWatch;
  /** The connection that pings go out on. */
  #connection: WebSocket | undefined;
  readonly #sampling: NodeJS.Timeout;
  readonly #ended = new AbortController();
  readonly #over = aborted(this.#ended.signal);

  /** @throws whatever the constructor throws. */
  constructor(url: string, request: DialRequest, listener: SessionListener) {
    const { session, protocols, reconnecting, binaryType } = request;
    this.#object = reconnecting ? this.#reconnecting(url, request) : new WebSocket(url, [...protocols]);
    if (this.#object instanceof WebSocket) this.#connection = this.#object;
    if (binaryType !== undefined) this.#object.binaryType = binaryType;
    this.#watch = new ObjectWatch(
      this.#object,
      {
        session,
        report: (report) => listener.report(report),
        hasRoom: () => listener.hasRoom(session),
        showUrl: (text) => listener.showUrl(text),
      },
      { url: listener.showUrl(url), protocols: protocols.join(", ") },
    );
    this.#sampling = setInterval(() => {
      this.#watch.sample();
      if (this.#object.readyState === WebSocket.CLOSED) clearInterval(this.#sampling);
    }, sampleInterval);
  }

  #reconnecting(url: string, { protocols, reconnectingOptions }: DialRequest): ReconnectingWebSocket {
    return new ReconnectingWebSocket(url, protocols, {
      ...reconnectingOptions,
      onOpen: (connection) => {
        if (connection instanceof WebSocket) this.#connection = connection;
      },
    });
  }

  /** Resolves once the last message was given to `send`. @throws whatever `send` throws. */
  async send({ data, count, rate }: SendRequest): Promise<void> {
    const message = toMessage(data);
    this.#attempt("send", () => this.#object.send(message));
    this.#watch.tell("send", { data: message, ...(count > 1 && { count }) });
    const start = performance.now();
    const slice = Math.max(1, Math.min(sliceLength, Math.floor(sliceSize / Math.max(1, message.length))));
    for (let sent = 1; sent < count; ) {
      const due = rate === undefined ? count : Math.floor(((performance.now() - start) * rate) / 1000) + 1;
      const end = Math.min(count, sent + slice, due);
      for (; sent < end; sent++) this.#attempt("send", () => this.#object.send(message));
      if (sent < count) await this.#next(rate);
      if (this.#object.readyState > WebSocket.OPEN) {
        throw new Error(`The connection has ended after ${sent} of ${count} messages`);
      }
    }
    this.#watch.sample();
  }

  async #next(rate: number | undefined): Promise<void> {
    if (this.#object.bufferedAmount > mostBuffered) {
      // Where the connection ends, so does the burst, right after.
      await Promise.race([drained(this.#object, mostBuffered / 2).catch(() => {}), this.#over]);
    } else {
      await new Promise<void>((resolve) => {
        if (rate === undefined) setImmediate(resolve);
        else setTimeout(resolve, Math.max(1, Math.min(50, 1000 / rate)));
      });
    }
    this.#ended.signal.throwIfAborted();
  }

  /** @returns the round-trip time in milliseconds. */
  async ping(): Promise<number> {
    if (this.#connection === undefined) throw new DOMException("There is no connection", "InvalidStateError");
    const roundTrip = await ping(this.#connection);
    this.#watch.sample();
    return roundTrip;
  }

  close(code: number | undefined, reason: string | undefined): void {
    this.#attempt("close", () => this.#object.close(code, reason));
    const given = { ...(code !== undefined && { code }), ...(reason !== undefined && { reason }) };
    this.#watch.tell("close()", given);
  }

  reconnect(): void {
    const object = this.#object;
    if (!(object instanceof ReconnectingWebSocket)) throw new Error("This object doesn't reconnect");
    this.#attempt("reconnect", () => object.reconnect());
    this.#watch.tell("reconnect()", {});
  }

  setBinaryType(binaryType: "blob" | "arraybuffer"): void {
    this.#object.binaryType = binaryType;
    this.#watch.tell("binaryType", { binaryType });
  }

  /** Closes the object; what it still does is told no more. Resolves once it is closed, or takes too long. */
  async end(): Promise<void> {
    clearInterval(this.#sampling);
    this.#ended.abort(new Error("The session is over"));
    this.#watch.stop();
    if (this.#object.readyState === WebSocket.CLOSED) return;
    this.#object.close(1000);
    const patience = new AbortController();
    const late = sleep(longestClosing, undefined, { signal: patience.signal }).catch(() => {});
    await Promise.race([closed(this.#object), late]);
    patience.abort();
  }

  #attempt(method: string, act: () => void): void {
    try {
      act();
    } catch (error) {
      this.#watch.tellException(error, method);
      throw error;
    }
  }
}

function toMessage(data: WireData): string | Uint8Array {
  return "text" in data ? data.text : Buffer.from(data.base64, "base64");
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
}
