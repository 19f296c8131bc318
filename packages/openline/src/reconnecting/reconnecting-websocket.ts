import type { Environment, SendData } from "./environment.js";
import { eventTypes } from "./events.js";
import { defineHandlerAttributes } from "./handler-attributes.js";
import type {
  AddArguments,
  EventMap,
  Listener,
  ReconnectingWebSocketMembers,
  RemoveArguments,
  SendOptions,
} from "./interface.js";
import { keepLine, type Line } from "./line.js";
import {
  type Protocols,
  type ReconnectingWebSocketOptions,
  readOptions,
  refuse,
  type Source,
} from "./options.js";
import { toMessage } from "./outgoing-message.js";
import { CLOSED, CLOSING, CONNECTING, OPEN } from "./phase.js";

/** What the static block below defines, and EventTarget's methods with our events. */
export interface ReconnectingWebSocket extends ReconnectingWebSocketMembers {
  addEventListener<K extends keyof EventMap>(
    type: K,
    listener: Listener<K> | null,
    options?: AddArguments[2],
  ): void;
  addEventListener(...listener: AddArguments): void;
  removeEventListener<K extends keyof EventMap>(
    type: K,
    listener: Listener<K> | null,
    options?: RemoveArguments[2],
  ): void;
  removeEventListener(...listener: RemoveArguments): void;
}

/** An object with the interface of `WebSocket` that opens a new connection whenever one ends unasked. */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: the interface above has what the code below defines
export class ReconnectingWebSocket extends EventTarget {
  declare static readonly CONNECTING: 0;
  declare static readonly OPEN: 1;
  declare static readonly CLOSING: 2;
  declare static readonly CLOSED: 3;

  readonly #url: Source<string | URL>;
  readonly #line: Line;

  /**
   * @param url where to, or a function (it may be async) that is asked at each attempt.
   * @param protocols the subprotocols, or the options that the platform's constructor takes there, or a function too.
   * @throws DOMException SyntaxError for a URL or a subprotocol that can't be one, TypeError for a wrong option.
   */
  constructor(
    url: Source<string | URL>,
    protocols: Source<Protocols>,
    options: ReconnectingWebSocketOptions,
    environment: Environment,
  ) {
    super();
    const settings = readOptions(options, environment);
    this.#url = url;
    this.#line = keepLine(url, protocols, settings, environment, (event) => this.dispatchEvent(event));
  }

  /** The URL of the connection, or of the one to come as far as it is known. */
  get url(): string {
    return this.#line.connection()?.url ?? (typeof this.#url === "function" ? "" : `${this.#url}`);
  }

  /** CONNECTING as long as there is no connection and one may come. */
  get readyState(): 0 | 1 | 2 | 3 {
    return this.#line.readyState();
  }

  /** The subprotocol of the connection, or "". */
  get protocol(): string {
    return this.#line.connection()?.protocol ?? "";
  }

  /** The extensions of the connection, or "". */
  get extensions(): string {
    return this.#line.connection()?.extensions ?? "";
  }

  /** Bytes that wait for the line, and those that the connection has not given to the network yet. */
  get bufferedAmount(): number {
    return this.#line.bufferedAmount();
  }

  /** What binary messages come as, on this connection and the next. */
  get binaryType(): "blob" | "arraybuffer" {
    return this.#line.binaryType;
  }

  set binaryType(value: "blob" | "arraybuffer") {
    if (value !== "blob" && value !== "arraybuffer") return;
    const connection = this.#line.connection();
    this.#line.binaryType = value;
    if (connection) connection.binaryType = value;
  }

  /**
   * Sends a message, or keeps it until the line is up.
   * @throws DOMException QuotaExceededError where too much waits, InvalidStateError without a queue while CONNECTING.
   */
  send(data: SendData, { deadline = Infinity }: SendOptions = {}): void {
    const message = toMessage(data);
    if (!(deadline >= 0)) refuse("deadline", deadline, "a number from 0");
    this.#line.send(message, deadline);
  }

  /**
   * Ends it for good, also in the middle of an attempt or of a delay.
   * @throws DOMException InvalidAccessError for a code that is neither 1000 nor from 3000 to 4999, SyntaxError for a
   * reason of more than 123 bytes.
   */
  close(code?: number, reason?: string): void {
    this.#line.close(code, reason);
  }

  /**
   * Opens a new connection now, whatever there is: no delay is waited for, and a connection that is open is closed
   * first. Does nothing after `close`.
   */
  reconnect(reason = ""): void {
    this.#line.reconnect(reason);
  }

  static {
    const { prototype } = ReconnectingWebSocket;
    for (const target of [ReconnectingWebSocket, prototype]) {
      Object.assign(target, { CONNECTING, OPEN, CLOSING, CLOSED });
    }
    defineHandlerAttributes(prototype, eventTypes);
  }
}
