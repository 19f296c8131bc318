import type { Duplex } from "node:stream";
import type { Handshake } from "../protocol/opening-handshake.js";
import { findInvalidSubprotocol } from "../protocol/subprotocol.js";
import { toBufferSource } from "./binary-data.js";
import { checkCloseArguments } from "./close-arguments.js";
import type { CloseEvent } from "./close-event.js";
import type { ConnectionSettings } from "./connection-options.js";
import { EventFiringOwner } from "./event-firing-owner.js";
import { invalidStateError, shown, syntaxError } from "./exceptions.js";
import type { ErrorEvent } from "./fired-event.js";
import { provideHandlerAttributes } from "./handler-attributes.js";
import { provideLineControl } from "./line-control.js";
import type { MessageEvent } from "./message-event.js";
import { refuseOption } from "./option-checks.js";
import { type AcceptedExchange, type BinaryType, ReadyState, Session } from "./session.js";
import { parseUrl } from "./url.js";
import { defaultSettings, readSettings, type WebSocketOptions } from "./websocket-options.js";

/** The events of a `WebSocket`, by type. */
export interface WebSocketEventMap {
  open: Event;
  message: MessageEvent;
  error: ErrorEvent;
  close: CloseEvent;
}

/** What `send` takes. */
export type SendData = string | ArrayBufferLike | ArrayBufferView | Blob;

type Handler<K extends keyof WebSocketEventMap> =
  | ((this: WebSocket, event: WebSocketEventMap[K]) => unknown)
  | null;
type Listener<K extends keyof WebSocketEventMap> =
  | ((this: WebSocket, event: WebSocketEventMap[K]) => unknown)
  | { handleEvent(event: WebSocketEventMap[K]): unknown };

/** What a server hands to the constructor in place of a URL. */
class AcceptedConnection {
  readonly start: (owner: EventFiringOwner<WebSocket>) => Session;

  constructor(start: (owner: EventFiringOwner<WebSocket>) => Session) {
    this.start = start;
  }
}

/** The session behind an object, for functions that take one. */
export let sessionOf: (object: WebSocket) => Session;

/** The session behind an object that may be of another implementation. */
export let findSession: (object: unknown) => Session | undefined;

/**
 * The `WebSocket` object of the WHATWG standard. [WS] 3.1
 *
 * Constructing one opens the connection: `open` tells that it is there, or `error` and then `close` that it could not
 * be opened. Each event comes in a task of its own.
 */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: the interface below only narrows types
export class WebSocket extends EventTarget {
  static readonly CONNECTING: 0 = ReadyState.Connecting;
  static readonly OPEN: 1 = ReadyState.Open;
  static readonly CLOSING: 2 = ReadyState.Closing;
  static readonly CLOSED: 3 = ReadyState.Closed;
  declare readonly CONNECTING: 0;
  declare readonly OPEN: 1;
  declare readonly CLOSING: 2;
  declare readonly CLOSED: 3;

  readonly #session: Session;
  readonly #events = new EventFiringOwner<WebSocket>(this);

  /**
   * @param url where to: `ws:` or `wss:` (or `http:`, `https:`, which stand for them), without a fragment.
   * @param protocols the subprotocols to ask for, or one of them, or options that a browser has no need of.
   * @throws DOMException SyntaxError for a URL or a subprotocol that can't be one, TypeError for a wrong option.
   */
  constructor(url: string | URL, protocols: string | Iterable<string> | WebSocketOptions = []) {
    if (arguments.length === 0) throw new TypeError("WebSocket: 1 argument required, but only 0 present");
    super();
    if ((url as unknown) instanceof AcceptedConnection) {
      this.#session = (url as unknown as AcceptedConnection).start(this.#events);
      return;
    }
    const text = `${url}`.toWellFormed();
    const { subprotocols, options } = readSecondArgument(protocols);
    const parsed = parseUrl(text);
    const invalid = findInvalidSubprotocol(subprotocols);
    if (invalid !== undefined) {
      throw syntaxError(
        `The subprotocol ${shown(invalid)} is not a token, or stands more than once in the list`,
      );
    }
    this.#session = Session.open(
      this.#events,
      parsed,
      subprotocols,
      options === undefined ? defaultSettings : readSettings(options),
    );
  }

  /** The URL that the connection was opened to. */
  get url(): string {
    return this.#session.url;
  }

  /** Where the connection stands: one of CONNECTING, OPEN, CLOSING and CLOSED. */
  get readyState(): ReadyState {
    return this.#session.readyState;
  }

  /** Bytes that have been given to `send` and not yet to the network. Does not fall within a task. */
  get bufferedAmount(): number {
    return this.#session.bufferedAmount;
  }

  /** The handler of `open`: the connection is there. */
  get onopen(): Handler<"open"> {
    return this.#events.onopen as Handler<"open">;
  }

  set onopen(value: Handler<"open">) {
    this.#events.assign("open", value);
  }

  /** The handler of `error`: what was wrong; `close` follows. */
  get onerror(): Handler<"error"> {
    return this.#events.onerror as Handler<"error">;
  }

  set onerror(value: Handler<"error">) {
    this.#events.assign("error", value);
  }

  /** The handler of `close`: the connection is gone, or never came to be. */
  get onclose(): Handler<"close"> {
    return this.#events.onclose as Handler<"close">;
  }

  set onclose(value: Handler<"close">) {
    this.#events.assign("close", value);
  }

  /** The extensions in use, as their header has them; "" before `open`, and for none. */
  get extensions(): string {
    return this.#session.extensions;
  }

  /** The subprotocol that the server chose; "" before `open`, and for none. */
  get protocol(): string {
    return this.#session.protocol;
  }

  /**
   * Starts the closing handshake after all that has been sent, or gives the connection up that isn't open yet.
   * @param code 1000, or 3000 to 4999; without it the peer sees no code.
   * @param reason at most 123 bytes of UTF-8.
   * @throws DOMException InvalidAccessError for another code, SyntaxError for a longer reason.
   */
  close(code: number | undefined = undefined, reason: string | undefined = undefined): void {
    const session = this.#session;
    const clamped = code === undefined ? undefined : clampToUnsignedShort(code);
    const text = reason === undefined ? "" : `${reason}`.toWellFormed();
    session.close(checkCloseArguments(clamped, text), text);
  }

  /** The handler of `message`: the peer has sent one. */
  get onmessage(): Handler<"message"> {
    return this.#events.onmessage as Handler<"message">;
  }

  set onmessage(value: Handler<"message">) {
    this.#events.assign("message", value);
  }

  /** What binary messages come as: "blob" (the default) or "arraybuffer". Another value changes nothing. */
  get binaryType(): BinaryType {
    return this.#session.binaryType;
  }

  set binaryType(value: BinaryType) {
    const session = this.#session;
    const text = `${value}`;
    if (text === "blob" || text === "arraybuffer") session.binaryType = text;
  }

  /**
   * Sends a message: a string as text, anything else as binary. The bytes are taken at once; only a `Blob` is read
   * later, and what is sent after it waits.
   * @throws DOMException InvalidStateError while CONNECTING.
   */
  send(data: SendData): void {
    if (arguments.length === 0) throw new TypeError("send: 1 argument required, but only 0 present");
    const session = this.#session;
    const message = typeof data === "string" ? data : toSendable(data);
    if (session.readyState === ReadyState.Connecting) {
      throw invalidStateError(
        "send was called while the object is still CONNECTING: wait for its open event",
      );
    }
    if (typeof message === "string") session.sendString(message);
    else if (message instanceof Blob) session.sendBlob(message);
    else session.sendBinary(message);
  }

  static {
    sessionOf = (object) => object.#session;
    findSession = (object) =>
      typeof object === "object" && object !== null && #session in object ? object.#session : undefined;
    provideHandlerAttributes((object) => (#events in object ? object.#events : undefined));
  }
}

/**
 * The object for a connection whose opening handshake a server has answered: OPEN from the start.
 * @param closed called right before its `close` event.
 */
export function acceptConnection(
  url: URL,
  socket: Duplex,
  head: Buffer,
  handshake: Handshake,
  settings: ConnectionSettings,
  exchange?: AcceptedExchange,
  closed?: (object: WebSocket) => void,
): WebSocket {
  const accepted = new AcceptedConnection((owner) => {
    owner.onClosed = closed;
    return Session.accept(owner, url, socket, head, handshake, settings, exchange);
  });
  return new WebSocket(accepted as unknown as string);
}

provideLineControl(findSession);

type AddArguments = Parameters<EventTarget["addEventListener"]>;
type RemoveArguments = Parameters<EventTarget["removeEventListener"]>;

/** Narrows the types of EventTarget's methods. */
export interface WebSocket {
  addEventListener<K extends keyof WebSocketEventMap>(
    type: K,
    listener: Listener<K> | null,
    options?: AddArguments[2],
  ): void;
  addEventListener(...listener: AddArguments): void;
  removeEventListener<K extends keyof WebSocketEventMap>(
    type: K,
    listener: Listener<K> | null,
    options?: RemoveArguments[2],
  ): void;
  removeEventListener(...listener: RemoveArguments): void;
}

// [IDL] 3.7: what an interface's members look like from outside. A class makes them non-enumerable.
const { prototype } = WebSocket;
for (const name of Object.getOwnPropertyNames(prototype)) {
  if (name !== "constructor") Object.defineProperty(prototype, name, { enumerable: true });
}
for (const name of ["CONNECTING", "OPEN", "CLOSING", "CLOSED"] as const) {
  const constant = { value: WebSocket[name], enumerable: true, writable: false, configurable: false };
  Object.defineProperty(WebSocket, name, constant);
  Object.defineProperty(prototype, name, constant);
}
Object.defineProperty(prototype, Symbol.toStringTag, { value: "WebSocket", configurable: true });

/** [IDL] 3.2.4.9, conversion to an unsigned short with [Clamp]. */
function clampToUnsignedShort(value: unknown): number {
  // Unlike `Number`, the operator refuses a BigInt, as the IDL does.
  const number = Math.min(Math.max(+(value as number), 0), 0xffff);
  if (Number.isNaN(number)) return 0;
  const floor = Math.floor(number);
  const rest = number - floor;
  // Halves go to the even neighbour.
  return rest > 0.5 || (rest === 0.5 && floor % 2 === 1) ? floor + 1 : floor;
}

/** [IDL] 3.2.24, the union of a string and a sequence; an object that isn't iterable is a dictionary of options. */
function readSecondArgument(value: unknown): {
  subprotocols: string[];
  options: WebSocketOptions | undefined;
} {
  if (value === undefined) return { subprotocols: [], options: undefined };
  if ((typeof value !== "object" && typeof value !== "function") || value === null) {
    return { subprotocols: [`${value}`], options: undefined };
  }
  const iterator: unknown = (value as Partial<Iterable<unknown>>)[Symbol.iterator];
  if (iterator !== undefined && iterator !== null) {
    return { subprotocols: Array.from(value as Iterable<unknown>, (item) => `${item}`), options: undefined };
  }
  const options = value as WebSocketOptions;
  return { subprotocols: readProtocolsOption(options.protocols), options };
}

function readProtocolsOption(protocols: unknown): string[] {
  if (protocols === undefined) return [];
  if (typeof protocols === "string") return [protocols];
  if (typeof protocols === "object" && protocols !== null && Symbol.iterator in protocols) {
    return Array.from(protocols as Iterable<unknown>, (item) => `${item}`);
  }
  return refuseOption("protocols", protocols, "a string or a list of strings");
}

/** [IDL] 3.2.24, the union of BufferSource, Blob and USVString. */
function toSendable(data: unknown): string | ArrayBuffer | ArrayBufferView | Blob {
  const bufferSource = toBufferSource(data, "send");
  if (bufferSource !== undefined) return bufferSource;
  return data instanceof Blob ? data : `${data}`.toWellFormed();
}
