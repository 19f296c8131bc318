import { type CloseEvent, type Environment, noop, type SendData, type WebSocketLike } from "./environment.js";
import {
  closeEvent,
  type ErrorEvent,
  eventTypes,
  eventWith,
  type ReconnectingWebSocketEventMap,
} from "./events.js";
import { defineHandlerAttributes, type Handlers } from "./handler-attributes.js";
import { type Liveness, watchLiveness } from "./liveness.js";
import {
  type Protocols,
  type ReconnectingWebSocketOptions,
  readOptions,
  refuse,
  type Settings,
  type Source,
} from "./options.js";
import { byteLength, toMessage } from "./outgoing-message.js";
import {
  Attempting,
  CLOSED,
  CLOSING,
  Closing,
  CONNECTING,
  OPEN,
  Opening,
  Over,
  type Phase,
  Replacing,
  Suspended,
  Up,
  Waiting,
} from "./phase.js";
import { delayBefore } from "./reconnection.js";
import { type LossReason, SendQueue } from "./send-queue.js";
import { SentLedger } from "./sent-ledger.js";

/** How `send` treats one message. */
export interface SendOptions {
  /** Milliseconds that the message may wait for the line. Without it there is no limit. */
  readonly deadline?: number;
}

type EventMap = ReconnectingWebSocketEventMap;
type Listener<K extends keyof EventMap> =
  | ((this: ReconnectingWebSocket, event: EventMap[K]) => unknown)
  | { handleEvent(event: EventMap[K]): unknown };
type AddArguments = Parameters<EventTarget["addEventListener"]>;
type RemoveArguments = Parameters<EventTarget["removeEventListener"]>;
type Handler<K extends keyof EventMap> =
  | ((this: ReconnectingWebSocket, event: EventMap[K]) => unknown)
  | null;

/** Narrows the types of EventTarget's methods, and has what is defined in a loop below. */
export interface ReconnectingWebSocket {
  readonly CONNECTING: 0;
  readonly OPEN: 1;
  readonly CLOSING: 2;
  readonly CLOSED: 3;
  /** A connection is there; fired for each. */
  onopen: Handler<"open">;
  /** The peer has sent a message. */
  onmessage: Handler<"message">;
  /** What was wrong, right before an end for good. */
  onerror: Handler<"error">;
  /** It is over for good. */
  onclose: Handler<"close">;
  /** Another attempt will be made, after a delay. */
  onreconnecting: Handler<"reconnecting">;
  /** Messages go out at once. */
  onup: Handler<"up">;
  /** Messages wait. */
  ondown: Handler<"down">;
  /** Messages will not arrive, or may not have. */
  onlost: Handler<"lost">;
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
  readonly #protocols: Source<Protocols>;
  readonly #settings: Settings;
  readonly #environment: Environment;
  readonly #queue: SendQueue;
  readonly #handlers: Handlers = {};
  /** Removes the listeners on the page and on the application's signal. */
  readonly #listening = new AbortController();

  #phase: Phase = Attempting;
  /** The one connection that is listened to. */
  #connection: WebSocketLike | undefined;
  #liveness: Liveness | undefined;
  #ledger = new SentLedger(0);
  /** Of the delay, of the attempt, or of the closing handshake: there is one at a time. */
  #stopTimer = noop;
  /** Since when the connection has been up. */
  #upSince = Infinity;
  /** Attempts since the last stable connection. */
  #attempts = 0;
  #lastClose: CloseEvent | undefined;
  #binaryType: "blob" | "arraybuffer" = "blob";
  /** Whether `up` was the last to be told, not `down`. */
  #isUp = false;
  #discardedBytes = 0;

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
    const settings = readOptions(options, environment.WebSocket);
    const { signal } = settings;
    const { clock, page } = environment;
    this.#url = url;
    this.#protocols = protocols;
    this.#settings = settings;
    this.#environment = environment;
    this.#queue = new SendQueue(settings, clock, (reason, messages) => this.#lose(reason, messages));
    if (signal?.aborted) {
      this.close();
      return;
    }
    // What can't be a URL is refused here and now, as by the plain object.
    if (typeof url !== "function" && typeof protocols !== "function") this.#dial(url, protocols);
    this.#attempt();
    const listening = { signal: this.#listening.signal };
    signal?.addEventListener("abort", () => this.close(), listening);
    for (const type of ["online", "offline", "pageshow", "visibilitychange"]) {
      page?.addEventListener(type, (event) => this.#pageChanged(event), listening);
    }
  }

  /** The URL of the connection, or of the one to come as far as it is known. */
  get url(): string {
    return this.#connection?.url ?? (typeof this.#url === "function" ? "" : `${this.#url}`);
  }

  /** CONNECTING as long as there is no connection and one may come. */
  get readyState(): 0 | 1 | 2 | 3 {
    if (this.#phase < Opening) return CONNECTING;
    if (this.#phase < Closing) return OPEN;
    return this.#phase === Closing ? CLOSING : CLOSED;
  }

  /** The subprotocol of the connection, or "". */
  get protocol(): string {
    return this.#connection?.protocol ?? "";
  }

  /** The extensions of the connection, or "". */
  get extensions(): string {
    return this.#connection?.extensions ?? "";
  }

  /** Bytes that wait for the line, and those that the connection has not given to the network yet. */
  get bufferedAmount(): number {
    return this.#queue.bytes + (this.#connection?.bufferedAmount ?? 0) + this.#discardedBytes;
  }

  /** What binary messages come as, on this connection and the next. */
  get binaryType(): "blob" | "arraybuffer" {
    return this.#binaryType;
  }

  set binaryType(value: "blob" | "arraybuffer") {
    if (value !== "blob" && value !== "arraybuffer") return;
    this.#binaryType = value;
    if (this.#connection) this.#connection.binaryType = value;
  }

  /**
   * Sends a message, or keeps it until the line is up.
   * @throws DOMException QuotaExceededError where too much waits, InvalidStateError without a queue while CONNECTING.
   */
  send(data: SendData, { deadline = Infinity }: SendOptions = {}): void {
    const message = toMessage(data);
    const { queue } = this.#settings;
    if (!(deadline >= 0)) refuse("deadline", deadline, "a number from 0");
    if (this.#phase >= Closing) this.#discardedBytes += byteLength(message);
    else if (queue && (this.#phase !== Up || this.#connection?.readyState !== OPEN)) {
      this.#queue.push(message, deadline);
    } else if (this.readyState === OPEN) this.#transmit(message);
    else throw new DOMException("No connection", "InvalidStateError");
  }

  /**
   * Ends it for good, also in the middle of an attempt or of a delay.
   * @throws DOMException InvalidAccessError for a code that is neither 1000 nor from 3000 to 4999, SyntaxError for a
   * reason of more than 123 bytes.
   */
  close(code?: number, reason?: string): void {
    const phase = this.#phase;
    if (phase === Suspended) this.#flush();
    // It checks its arguments in every state.
    this.#connection?.close(code, reason);
    if (phase >= Closing) return;
    this.#phase = Closing;
    if (phase >= Opening) this.#awaitClose(this.#settings.timeout);
    // A closing handshake that is under way goes on.
    else if (phase !== Replacing) {
      this.#abandon();
      this.#setTimer(0, () => this.#finish(closeEvent(this.#environment, { reason: "" })));
    }
  }

  /**
   * Opens a new connection now, whatever there is: no delay is waited for, and a connection that is open is closed
   * first. Does nothing after `close`.
   */
  reconnect(reason = ""): void {
    const phase = this.#phase;
    if (phase >= Closing || phase === Replacing) return;
    this.#connection?.close(1000, reason);
    this.#attempts = 0;
    if (phase >= Opening) {
      // Nothing is waited for on a line under suspicion.
      const isDoubtful = phase === Suspended || this.#liveness?.isProbing();
      this.#phase = Replacing;
      this.#awaitClose(isDoubtful ? 0 : this.#settings.timeout);
    } else {
      this.#abandon();
      this.#attempt();
    }
  }

  #tell(type: keyof EventMap, properties?: object): void {
    this.dispatchEvent(eventWith(type, properties));
  }

  #setTimer(milliseconds: number, callback: () => void): void {
    this.#stopTimer();
    this.#stopTimer = this.#environment.clock.after(milliseconds, callback);
  }

  /** Starts an attempt, unless it is under way already, and limits its time. */
  async #attempt(): Promise<void> {
    const { connectTimeout, keepSent, maxQueuedMessages } = this.#settings;
    this.#phase = Attempting;
    this.#attempts++;
    this.#ledger = new SentLedger(keepSent ? maxQueuedMessages : 0);
    this.#setTimer(connectTimeout, () => this.#fail("Not open"));
    if (this.#connection) return;
    // Whatever ends the attempt stops its timer.
    const timer = this.#stopTimer;
    const isOver = () => this.#phase !== Attempting || this.#stopTimer !== timer;
    const ask = (source: unknown) =>
      typeof source === "function" ? source(this.#attempts, this.#lastClose) : source;
    try {
      // The functions aren't asked within a call of the application's.
      await undefined;
      if (isOver()) return;
      const [url, protocols] = await Promise.all([ask(this.#url), ask(this.#protocols)]);
      if (!isOver()) this.#dial(url, protocols);
    } catch (error) {
      if (!isOver()) this.#fail("url", error);
    }
  }

  /** @throws whatever the constructor throws for a wrong URL or subprotocol. */
  #dial(url: string | URL, protocols: unknown): void {
    const connection = new this.#settings.WebSocket(url, protocols as string[]);
    let error: unknown;
    // The listeners stay on an abandoned connection: an object of `ws` throws an error that nobody listens for.
    const listen = <T>(type: "open" | "message" | "error" | "close", listener: (event: T) => void) =>
      connection.addEventListener(type, (event) => {
        if (this.#connection === connection) listener(event as T);
      });
    this.#connection = connection;
    connection.binaryType = this.#binaryType;
    listen("open", () => this.#opened(connection));
    listen<MessageEvent>("message", (event) => this.#received(event));
    listen<ErrorEvent>("error", (event) => {
      error = event.error;
    });
    listen<CloseEvent>("close", ({ code, reason, wasClean }) =>
      this.#ended(closeEvent(this.#environment, { code, reason, wasClean }, error)),
    );
  }

  /** Gives the connection, or the attempt, up. */
  #fail(reason: string, error?: unknown): void {
    this.#abandon();
    this.#ended(closeEvent(this.#environment, { reason }, error));
  }

  /** Lets the connection go without waiting for anything. Whatever it still tells is not heard. */
  #abandon(): void {
    const connection = this.#connection;
    this.#connection = undefined;
    if (connection) this.#environment.terminate(connection);
  }

  async #opened(connection: WebSocketLike): Promise<void> {
    this.#phase = Opening;
    const isOpening = () => connection === this.#connection && this.#phase === Opening;
    try {
      const hook = this.#settings.onOpen(connection);
      if (isOpening()) this.#tell("open");
      // Without a promise the line is up before anything else can happen.
      if (hook) await hook;
    } catch (error) {
      if (isOpening()) this.#fail("onOpen", error);
    }
    // A connection that is closing already tells its end soon; the attempt's timer still runs.
    if (isOpening() && connection.readyState === OPEN) this.#ready(connection);
  }

  /** The line can be used. */
  #ready(connection: WebSocketLike): void {
    const { clock, pinger } = this.#environment;
    this.#stopTimer();
    this.#upSince = clock.now();
    this.#liveness = watchLiveness({
      ...this.#settings,
      clock,
      ledger: this.#ledger,
      ping: pinger?.(connection),
      connection,
      alive: () => this.#phase === Suspended && this.#goUp(),
      dead: (reason) => this.#fail(reason),
    });
    this.#goUp();
  }

  #goUp(): void {
    this.#phase = Up;
    this.#isUp = true;
    this.#flush();
    this.#tell("up");
  }

  #goDown(cause?: CloseEvent): void {
    const wasUp = this.#isUp;
    this.#isUp = false;
    if (wasUp) this.#tell("down", { cause });
  }

  #flush(): void {
    if (this.#connection?.readyState !== OPEN) return;
    for (const message of this.#queue.take()) this.#transmit(message);
  }

  #transmit(message: SendData): void {
    this.#connection?.send(message);
    this.#ledger.add(message);
  }

  #received(event: MessageEvent): void {
    const isReply = this.#liveness?.heard(event.data);
    // An event can be dispatched only once. The copy takes what it can from the original.
    if (!isReply && this.readyState === OPEN)
      this.dispatchEvent(new MessageEvent("message", event as object));
  }

  /** Waits for the closing handshake as long as it goes forward. */
  #awaitClose(timeout: number): void {
    const buffered = () => this.#connection?.bufferedAmount ?? 0;
    const before = buffered();
    this.#liveness?.stop();
    this.#setTimer(timeout, () => {
      if (buffered() < before) this.#awaitClose(timeout);
      else this.#fail("Not closed");
    });
  }

  /** The connection is gone, or the attempt has failed. */
  #ended(cause: CloseEvent): void {
    const phase = this.#phase;
    const { clock } = this.#environment;
    // Looked up now, so that no timer has to wait for it.
    if (clock.now() - this.#upSince >= this.#settings.stableAfter) this.#attempts = 0;
    const attempt = this.#attempts + 1;
    this.#upSince = Infinity;
    this.#liveness?.stop();
    this.#liveness = undefined;
    this.#lastClose = cause;
    if (phase === Closing) {
      this.#finish(cause);
      return;
    }
    this.#phase = Waiting;
    this.#connection = undefined;
    this.#stopTimer();
    const isReplaced = phase === Replacing;
    this.#tellEnd(cause, isReplaced);
    // A listener may have closed the object, or asked for an attempt at once; so may shouldReconnect.
    const isWorthwhile = isReplaced || (this.#phase === Waiting && this.#isWorthwhile(cause, attempt));
    if (this.#phase !== Waiting) return;
    if (!isWorthwhile) {
      this.#finish(cause);
      return;
    }
    const delay = isReplaced ? 0 : delayBefore(attempt, this.#settings, cause, clock.random());
    this.#setTimer(delay, () => this.#attempt());
    this.#tell("reconnecting", { attempt, delay, cause });
  }

  #isWorthwhile(cause: CloseEvent, attempt: number): boolean {
    const { maxAttempts, shouldReconnect } = this.#settings;
    try {
      return attempt <= maxAttempts && shouldReconnect(cause, attempt);
    } catch (error) {
      Object.assign(cause, { error });
      return false;
    }
  }

  /** It is over for good. */
  #finish(cause: CloseEvent): void {
    const wasAsked = this.#phase === Closing;
    this.#phase = Over;
    this.#listening.abort();
    this.#stopTimer();
    this.#tellEnd(cause, wasAsked);
    this.#discardedBytes += this.#queue.bytes;
    this.#lose("closed", [...this.#queue.take()]);
    if (!wasAsked && (!cause.wasClean || cause.error)) this.#tell("error", { error: cause.error });
    this.dispatchEvent(cause);
  }

  /** Tells what the end of a connection means. A peer that has answered our goodbye has got all that went before it. */
  #tellEnd(cause: CloseEvent, wasAsked: boolean): void {
    const { unconfirmed, messages } = this.#ledger;
    this.#ledger = new SentLedger(0);
    this.#goDown(cause);
    if (!wasAsked || !cause.wasClean) this.#lose("connection", messages, unconfirmed);
  }

  #lose(reason: LossReason, messages: readonly SendData[], count = messages.length): void {
    if (count > 0) this.#tell("lost", { reason, count, messages });
  }

  /** The page knows more of the network, or has slept. */
  #pageChanged({ type, persisted }: Event & { readonly persisted?: boolean }): void {
    if (type === "offline") {
      if (this.#phase !== Up) return;
      this.#phase = Suspended;
      this.#goDown();
      return;
    }
    const isVisible = this.#environment.page?.document?.visibilityState === "visible";
    if (type === "pageshow" ? !persisted : type !== "online" && !isVisible) return;
    if (this.#phase === Waiting) this.#attempt();
    else if (this.#phase !== Suspended || this.#liveness?.canProbe) this.#liveness?.probe();
    else this.#fail("Offline");
  }

  static {
    const { prototype } = ReconnectingWebSocket;
    const constants = { CONNECTING, OPEN, CLOSING, CLOSED };
    Object.assign(ReconnectingWebSocket, constants);
    Object.assign(prototype, constants);
    defineHandlerAttributes(prototype, eventTypes, (object) => object.#handlers);
  }
}
