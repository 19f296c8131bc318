import { asBytes, type Bytes, noBytes } from "../protocol/buffer.js";
import { CloseCode, isApplicationCloseCode } from "../protocol/close-code.js";
import type { CloseStatus } from "../protocol/close-frame.js";
import { FrameWatcher } from "./frame-watcher.js";
import { type HttpHead, HttpHeadReader, mayBeRequestLine, mayBeStatusLine } from "./http-head.js";
import type { ObservedEvent } from "./observed-event.js";
import { deflateOf, refusalOf } from "./observed-handshake.js";

/** What `new ConnectionObserver` takes besides its listener. */
export interface ConnectionObserverOptions {
  /** Whether the URL is a `wss:` one: the bytes don't tell. Default false. */
  readonly secure?: boolean;
  /** Most bytes of a message whose payload is told, counted after inflation. Default 104,857,600 (100 MiB). */
  readonly maxPayload?: number;
}

type Direction = "sent" | "received";

/** What one side sends, and how far it is understood. */
interface Side {
  readonly direction: Direction;
  readonly head: HttpHeadReader;
  bytes: number;
  stage: "head" | "waiting" | "frames" | "raw";
  watcher: FrameWatcher | undefined;
}

function newSide(direction: Direction): Side {
  const mayBegin = direction === "sent" ? mayBeRequestLine : mayBeStatusLine;
  return { direction, head: new HttpHeadReader(mayBegin), bytes: 0, stage: "head", watcher: undefined };
}

const defaultMaxPayload = 100 * 1024 * 1024;
/** Of a client that doesn't wait for the answer. */
const maxEarlyBytes = 2 ** 20;
const requestLine = /^([!#$%&'*+\-.^_`|~0-9A-Za-z]+) (\S+) HTTP\/1\.[01]$/;
const statusLine = /^HTTP\/(1\.[01]) (\d{3})(?: (.*))?$/;

/**
 * Watches a WebSocket connection from outside: given the bytes of both directions as they pass, it tells the opening
 * handshake, each frame with its message, and the end as the client sees it. It has no socket, changes no byte, and takes
 * whatever comes: what isn't the protocol is told once as a problem, and then only counted.
 *
 * What it tells is what is on the wire, credentials included.
 */
export class ConnectionObserver {
  readonly #listener: (event: ObservedEvent) => void;
  readonly #secure: boolean;
  readonly #maxPayload: number;
  readonly #client = newSide("sent");
  readonly #server = newSide("received");
  #request: HttpHead | undefined;
  /** What a client finds wrong with the answer. */
  #refusal: string | undefined;
  #isUpgraded = false;
  /** What the client sent before it was answered. */
  #early: Bytes = noBytes;
  /** What each side has said in its close frame, and who was first. */
  readonly #closing: (CloseStatus & { readonly direction: Direction })[] = [];
  readonly #problems: { readonly direction: Direction; readonly message: string }[] = [];
  #isOver = false;

  /** @param listener is told of each event, in the middle of `clientSent`, `serverSent` or `ended`. */
  constructor(listener: (event: ObservedEvent) => void, options: ConnectionObserverOptions = {}) {
    const { secure = false, maxPayload = defaultMaxPayload } = options;
    this.#listener = listener;
    this.#secure = secure;
    this.#maxPayload = maxPayload;
  }

  /** Bytes that the client has sent. */
  get bytesSent(): number {
    return this.#client.bytes;
  }

  /** Bytes that the client has received. */
  get bytesReceived(): number {
    return this.#server.bytes;
  }

  /** Bytes pass from the client to the server. They are neither changed nor kept. */
  clientSent(bytes: Uint8Array): void {
    this.#take(this.#client, bytes);
  }

  /** Bytes pass from the server to the client. They are neither changed nor kept. */
  serverSent(bytes: Uint8Array): void {
    this.#take(this.#server, bytes);
  }

  /**
   * The connection is gone; nothing is told after that.
   * @param error what the network says of it, for an end that isn't clean.
   */
  ended(error?: string): void {
    if (this.#isOver) return;
    for (const { direction, watcher } of [this.#client, this.#server]) {
      if (watcher?.broken !== undefined) this.#problem(direction, watcher.broken);
    }
    this.#isOver = true;
    const said = this.#closing.find(({ direction }) => direction === "received");
    const isClean = said !== undefined && !this.#clientFailed;
    const why =
      this.#problems[0]?.message ?? (isClean ? undefined : (this.#whyUnclean ?? error ?? this.#whyOver));
    this.#listener({
      kind: "end",
      code: isClean ? said.code : CloseCode.Abnormal,
      reason: isClean ? said.reason : "",
      wasClean: isClean,
      ...(why === undefined ? {} : { error: why }),
    });
  }

  /** Whether the client has failed the connection ([6455] 7.1.7), or must have: then it listens to no close frame. */
  get #clientFailed(): boolean {
    return this.#problems.some(({ direction }) => direction === "received") || this.#failure !== undefined;
  }

  /** The code that no program can give to `close()`, in a close frame that the client sent first. */
  get #failure(): number | undefined {
    const [first] = this.#closing;
    if (first === undefined || first.direction === "received") return undefined;
    const { code } = first;
    const isUsual =
      isApplicationCloseCode(code) || code === CloseCode.NoStatusReceived || code === CloseCode.GoingAway;
    return isUsual ? undefined : code;
  }

  get #whyUnclean(): string | undefined {
    if (this.#failure !== undefined) return `The client failed the connection with ${this.#failure}`;
    return this.#refusal;
  }

  get #whyOver(): string {
    if (this.#request === undefined) return "The connection ended before a request was there";
    if (this.#server.stage === "head") return "The connection ended before the server had answered";
    return "The connection ended without a closing handshake";
  }

  #take(side: Side, given: Uint8Array): void {
    if (this.#isOver) return;
    side.bytes += given.length;
    if (side.stage === "raw" || given.length === 0) return;
    // A client's bytes will be unmasked in place.
    const bytes = side === this.#client ? (Buffer.from(given) as Bytes) : asBytes(given);
    if (side.stage === "frames") side.watcher?.push(bytes);
    else if (side.stage === "waiting") this.#keepEarly(bytes);
    else this.#readHead(side, bytes);
  }

  #readHead(side: Side, bytes: Bytes): void {
    const found = side.head.push(bytes);
    if (found === undefined) return;
    const isRead =
      found !== null &&
      (side === this.#client ? this.#readRequest(found.head) : this.#readResponse(found.head));
    if (!isRead) {
      const what =
        side === this.#client
          ? "the client sent is no HTTP/1.1 request"
          : "the server sent is no HTTP/1.1 answer";
      this.#problem(side.direction, `What ${what}`);
    } else if (found.rest.length > 0) {
      // The head's own bytes don't count twice.
      const { rest } = found;
      if (side.stage === "frames") side.watcher?.push(rest);
      else if (side.stage === "waiting") this.#keepEarly(rest);
      else if (side.stage === "head") this.#readHead(side, rest);
    }
  }

  #readRequest(head: HttpHead): boolean {
    const match = requestLine.exec(head.startLine);
    if (match === null) return false;
    const [, method = "", target = ""] = match;
    const host = head.headers.find(([name]) => name.toLowerCase() === "host")?.[1] ?? "";
    const scheme = this.#secure ? "wss" : "ws";
    const url = target.startsWith("/")
      ? `${scheme}://${host}${target}`
      : target.replace(/^(?:http|ws)s?(?=:)/i, scheme);
    this.#request = head;
    this.#client.stage = this.#server.stage === "raw" ? "raw" : "waiting";
    this.#listener({ kind: "request", url, method, headers: head.headers });
    return true;
  }

  #readResponse(head: HttpHead): boolean {
    const match = statusLine.exec(head.startLine);
    if (match === null) return false;
    const [, httpVersion = "", digits = "", statusText = ""] = match;
    const status = Number(digits);
    // An answer for the time being: the real one follows.
    if (status < 200 && status !== 101) {
      this.#server.stage = "head";
      return true;
    }
    const { headers } = head;
    this.#listener({ kind: "response", status, statusText, httpVersion, headers });
    this.#refusal = refusalOf(status, headers, this.#request?.headers ?? []);
    if (status === 101) this.#upgrade(headers);
    else {
      this.#server.stage = "raw";
      this.#client.stage = "raw";
    }
    return true;
  }

  /** A client stricter than the one at hand may have refused: frames are read all the same. */
  #upgrade(headers: HttpHead["headers"]): void {
    this.#isUpgraded = true;
    const deflate = deflateOf(headers, this.#request?.headers ?? []);
    for (const side of [this.#client, this.#server]) {
      const { direction } = side;
      side.stage = "frames";
      side.watcher = new FrameWatcher(
        { direction, deflate, maxPayload: this.#maxPayload },
        {
          frame: (frame) => {
            // Who talks on has found nothing wrong.
            if (direction === "sent" && frame.opcode !== 8) this.#refusal = undefined;
            this.#listener(frame);
          },
          close: (status) => this.#closing.push({ ...status, direction }),
          problem: (message) => this.#problem(direction, message),
        },
      );
    }
    const early = this.#early;
    this.#early = noBytes;
    if (early.length > 0) this.#client.watcher?.push(early);
  }

  #keepEarly(bytes: Bytes): void {
    this.#early = Buffer.concat([this.#early, bytes]) as Bytes;
    if (this.#early.length <= maxEarlyBytes) return;
    this.#early = noBytes;
    this.#problem("sent", `The client sent more than ${maxEarlyBytes} bytes before it was answered`);
  }

  #problem(direction: Direction, message: string): void {
    const side = direction === "sent" ? this.#client : this.#server;
    side.stage = "raw";
    // Without a handshake nobody knows what the other side's bytes are.
    if (!this.#isUpgraded && direction === "received") this.#client.stage = "raw";
    this.#problems.push({ direction, message });
    this.#listener({ kind: "problem", direction, message });
  }
}
