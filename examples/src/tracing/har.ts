import { subscribe, unsubscribe } from "node:diagnostics_channel";
import type { FrameTrace, HandshakeTrace, TracedHeaders } from "openline";

// Writes what Chrome's developer tools export of a WebSocket: an HTTP archive (HAR 1.2) with `_webSocketMessages`.

interface HarHeader {
  readonly name: string;
  readonly value: string;
}

interface WebSocketMessage {
  readonly type: "send" | "receive";
  /** Seconds since 1970. */
  readonly time: number;
  readonly opcode: number;
  /** Text as it is, anything else in base64. */
  readonly data: string;
}

interface Entry {
  readonly startedDateTime: string;
  time: number;
  readonly request: object;
  response: object;
  readonly cache: object;
  timings: { send: number; wait: number; receive: number };
  readonly _resourceType: "websocket";
  readonly _webSocketMessages: WebSocketMessage[];
}

export interface Har {
  readonly log: {
    readonly version: "1.2";
    readonly creator: { readonly name: string; readonly version: string };
    readonly pages: readonly never[];
    readonly entries: readonly Entry[];
  };
}

/** What the archive knows of a request that has not been answered. */
const noResponse = {
  status: 0,
  statusText: "",
  httpVersion: "",
  headers: [],
  cookies: [],
  content: { size: 0, mimeType: "x-unknown" },
  redirectURL: "",
  headersSize: -1,
  bodySize: -1,
};

/** Records all connections of clients from `start` to `stop`. */
export class HarRecorder {
  readonly #entries = new Map<number, Entry>();

  start(): this {
    subscribe("openline:handshake", this.#onHandshake);
    subscribe("openline:frame", this.#onFrame);
    subscribe("openline:close", this.#onClose);
    return this;
  }

  stop(): Har {
    unsubscribe("openline:handshake", this.#onHandshake);
    unsubscribe("openline:frame", this.#onFrame);
    unsubscribe("openline:close", this.#onClose);
    return {
      log: {
        version: "1.2",
        creator: { name: "openline example", version: "1" },
        pages: [],
        entries: [...this.#entries.values()],
      },
    };
  }

  readonly #onHandshake = (message: unknown): void => {
    const trace = message as HandshakeTrace;
    if (trace.role !== "client") return;
    if (trace.stage === "request") {
      this.#entries.set(trace.id, newEntry(trace.url, trace.method, trace.headers));
      return;
    }
    const entry = this.#entries.get(trace.id);
    if (entry === undefined) return;
    const wait = Date.now() - Date.parse(entry.startedDateTime);
    entry.timings = { send: 0, wait, receive: 0 };
    entry.time = wait;
    entry.response = {
      ...noResponse,
      status: trace.status,
      httpVersion: `HTTP/${trace.httpVersion}`,
      headers: trace.headers.map(toHarHeader),
    };
  };

  readonly #onFrame = (message: unknown): void => {
    const { id, direction, opcode, payload } = message as FrameTrace;
    // Earlier fragments of a message have no payload: its last one has it all.
    if (payload === undefined) return;
    this.#entries.get(id)?._webSocketMessages.push({
      type: direction === "sent" ? "send" : "receive",
      time: Date.now() / 1000,
      opcode: opcode === 0 ? (typeof payload === "string" ? 1 : 2) : opcode,
      data: typeof payload === "string" ? payload : toBase64(payload),
    });
  };

  readonly #onClose = (message: unknown): void => {
    const entry = this.#entries.get((message as { id: number }).id);
    if (entry !== undefined) entry.time = Date.now() - Date.parse(entry.startedDateTime);
  };
}

function newEntry(url: string, method: string, headers: TracedHeaders): Entry {
  return {
    startedDateTime: new Date().toISOString(),
    time: 0,
    request: {
      method,
      url,
      httpVersion: "HTTP/1.1",
      headers: headers.map(toHarHeader),
      cookies: [],
      queryString: Array.from(new URL(url).searchParams, toHarHeader),
      headersSize: -1,
      bodySize: 0,
    },
    response: noResponse,
    cache: {},
    timings: { send: 0, wait: 0, receive: 0 },
    _resourceType: "websocket",
    _webSocketMessages: [],
  };
}

function toHarHeader([name, value]: readonly [string, string]): HarHeader {
  return { name, value };
}

function toBase64(payload: ArrayBuffer | ArrayBufferView): string {
  const bytes = ArrayBuffer.isView(payload)
    ? Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength)
    : Buffer.from(payload);
  return bytes.toString("base64");
}
