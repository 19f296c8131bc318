import { createHash } from "node:crypto";
import type { Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { constants, inflateRawSync } from "node:zlib";
import { type ClientFrame, readClientFrame } from "./client-frames.js";
import { close as closeFrame } from "./server-frames.js";

const KINDS = new Map([
  [0x1, "text"],
  [0x2, "binary"],
  [0x8, "close"],
  [0x9, "ping"],
  [0xa, "pong"],
]);

/** The request's fields that the standards give a meaning to; a browser sends others that Node has no use for. */
const COMPARED_FIELDS = [
  "host",
  "connection",
  "upgrade",
  "authorization",
  "sec-websocket-version",
  "sec-websocket-protocol",
  "sec-websocket-extensions",
];

export interface Request {
  readonly target: string;
  readonly fields: ReadonlyMap<string, string>;
}

export interface Received {
  readonly kind: string;
  readonly payload: Buffer;
}

export interface AcceptOptions {
  readonly protocol?: string | undefined;
  readonly extensions?: string;
  /** Field lines that replace or join the usual ones; `undefined` leaves the field out. */
  readonly fields?: Readonly<Record<string, string | undefined>>;
  readonly statusLine?: string;
  /** Bytes that go out in one write with the response. */
  readonly sameWrite?: Uint8Array;
}

/** One TCP connection of the scene's server. */
export class PeerConnection {
  readonly #socket: Socket;
  readonly #wire: unknown[];
  readonly #unread: Received[] = [];
  readonly #readers: { kind: string; resolve: (received: Received) => void }[] = [];
  readonly #ended: Promise<void>;
  readonly #head: Promise<Request>;
  #headArrived: (request: Request) => void = () => undefined;
  #requested = false;
  #bytes = Buffer.alloc(0);
  #fragments: ClientFrame[] = [];

  constructor(socket: Socket, wire: unknown[]) {
    this.#socket = socket;
    this.#wire = wire;
    this.#head = new Promise((resolve) => {
      this.#headArrived = resolve;
    });
    // A client may reset at any time; that is for its transcript to tell.
    socket.on("error", () => undefined);
    this.#ended = new Promise((resolve) => socket.once("end", resolve).once("close", () => resolve()));
    socket.on("data", (chunk: Buffer) => this.#data(chunk));
  }

  request(): Promise<Request> {
    return this.#head;
  }

  /** Answers the opening handshake. Rightly, where the options do not say otherwise. */
  async accept(options: AcceptOptions = {}): Promise<void> {
    const { fields: asked } = await this.#head;
    const key = `${asked.get("sec-websocket-key")}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`;
    const fields = {
      Upgrade: "websocket",
      Connection: "Upgrade",
      "Sec-WebSocket-Accept": createHash("sha1").update(key).digest("base64"),
      "Sec-WebSocket-Protocol": options.protocol,
      "Sec-WebSocket-Extensions": options.extensions,
      ...options.fields,
    };
    const lines = Object.entries(fields).flatMap(([name, value]) =>
      value === undefined ? [] : `${name}: ${value}`,
    );
    const head = [options.statusLine ?? "HTTP/1.1 101 Switching Protocols", ...lines, "", ""].join("\r\n");
    this.write(Buffer.concat([Buffer.from(head, "latin1"), options.sameWrite ?? Buffer.alloc(0)]));
  }

  /** All bytes in one write. */
  write(...bytes: (string | Uint8Array)[]): void {
    this.#socket.write(Buffer.concat(bytes.map((part) => Buffer.from(part))));
  }

  /** The next message or control frame of this kind; others before it are passed over. */
  received(kind: "text" | "binary" | "close" | "ping" | "pong"): Promise<Received> {
    for (let next = this.#unread.shift(); next; next = this.#unread.shift()) {
      if (next.kind === kind) return Promise.resolve(next);
    }
    return new Promise((resolve) => this.#readers.push({ kind, resolve }));
  }

  /** Answers the client's closing handshake with the same close frame, then ends the connection. */
  async answerClose(): Promise<void> {
    const { payload } = await this.received("close");
    this.write(payload.length === 0 ? closeFrame() : closeFrame(payload.readUInt16BE(), payload.subarray(2)));
    this.end();
  }

  /** Sends a close frame, waits for the answer, then ends the connection. */
  async startClose(code?: number, reason?: string): Promise<void> {
    this.write(closeFrame(code, reason));
    await this.received("close");
    this.end();
  }

  /** FIN, after everything written. */
  end(): void {
    this.#socket.end();
  }

  /** RST. */
  reset(): void {
    this.#socket.resetAndDestroy();
  }

  /** Waits for the client's FIN or RST. */
  ended(): Promise<void> {
    return this.#ended;
  }

  async dismiss(): Promise<void> {
    this.#socket.end();
    // The guard is for a client that never ends its side: what it sent so far is all there is to compare.
    await Promise.race([this.#ended, sleep(3000, undefined, { ref: false })]);
    this.#socket.destroy();
  }

  #data(chunk: Buffer): void {
    this.#bytes = Buffer.concat([this.#bytes, chunk]);
    if (!this.#requested && !this.#readRequest()) return;
    for (let next = readClientFrame(this.#bytes); next; next = readClientFrame(this.#bytes)) {
      this.#bytes = this.#bytes.subarray(next.size);
      this.#frame(next.frame);
    }
  }

  #readRequest(): boolean {
    const end = this.#bytes.indexOf("\r\n\r\n");
    if (end === -1) return false;
    const [requestLine = "", ...lines] = this.#bytes.toString("latin1", 0, end).split("\r\n");
    this.#bytes = this.#bytes.subarray(end + 4);
    this.#requested = true;
    const fields = new Map(
      lines.map((line) => {
        const colon = line.indexOf(":");
        return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
      }),
    );
    const key = Buffer.from(fields.get("sec-websocket-key") ?? "", "base64").length;
    const compared = COMPARED_FIELDS.flatMap((name) => {
      const value = fields.get(name);
      return value === undefined ? [] : [[name, value.replace(`:${this.#socket.localPort}`, ":PORT")]];
    });
    this.#wire.push({ request: requestLine, keyBytes: key, ...Object.fromEntries(compared) });
    this.#headArrived({ target: requestLine.split(" ")[1] ?? "", fields });
    return true;
  }

  #frame(frame: ClientFrame): void {
    if (frame.opcode < 0x8) {
      this.#fragments.push(frame);
      if (!frame.fin) return;
    }
    const [first = frame, ...others] = frame.opcode < 0x8 ? this.#fragments.splice(0) : [frame];
    const whole = Buffer.concat([first, ...others].map((fragment) => fragment.payload));
    const deflated = first.rsv === 0x4;
    const received = {
      kind: KINDS.get(first.opcode) ?? `opcode ${first.opcode}`,
      payload: deflated ? inflateMessage(whole) : whole,
    };
    this.#wire.push({ ...plainMessage(received), ...(first.masked ? {} : { unmasked: true }) });
    const reader = this.#readers[0];
    if (!reader) this.#unread.push(received);
    else if (reader.kind === received.kind) this.#readers.shift()?.resolve(received);
  }
}

// [7692] 7.2.2: the tail that the sender took away
function inflateMessage(payload: Buffer): Buffer {
  const tail = Buffer.from([0, 0, 0xff, 0xff]);
  return inflateRawSync(Buffer.concat([payload, tail]), { finishFlush: constants.Z_SYNC_FLUSH });
}

function plainMessage({ kind, payload }: Received): Record<string, unknown> {
  if (kind === "close") {
    if (payload.length < 2) return { close: payload.length === 0 ? "no code" : payload.toString("hex") };
    return { close: payload.readUInt16BE(), reason: payload.toString("utf8", 2) };
  }
  if (payload.length > 100) {
    return { [kind]: createHash("sha1").update(payload).digest("hex"), bytes: payload.length };
  }
  return { [kind]: kind === "text" ? payload.toString("utf8") : payload.toString("hex") };
}
