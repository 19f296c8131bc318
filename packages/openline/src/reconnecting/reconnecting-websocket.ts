import type { CloseEvent, CloseStatus, Environment, SendData, WebSocketLike } from "./environment.js";
import { eventTypes, eventWith, type ReconnectingWebSocketEventMap } from "./events.js";
import { defineHandlerAttributes } from "./handler-attributes.js";
import { Line } from "./line.js";
import { Liveness } from "./liveness.js";
import {
  defaultQueue,
  type Protocols,
  type ReconnectingWebSocketOptions,
  readOptions,
  type Settings,
  type Source,
} from "./options.js";
import { byteLength, toMessage } from "./outgoing-message.js";
import { delayBefore, isWorthRetrying } from "./reconnection.js";
import { type LossReason, SendQueue } from "./send-queue.js";
import { SentLedger } from "./sent-ledger.js";
import { Timers } from "./timers.js";

/** The states of the object; docs/reconnecting.md draws them. */
const Phase = {
  /** A delay runs. */
  Waiting: 0,
  /** An attempt is under way. */
  Connecting: 1,
  /** The connection is open, and `onOpen` is at work. */
  Opening: 2,
  Up: 3,
  /** The page is offline; the connection may live on. */
  Suspended: 4,
  /** The connection is closing, and another one will be opened. */
  Replacing: 5,
  /** The connection is closing for good. */
  Closing: 6,
  Closed: 7,
} as const;
type Phase = (typeof Phase)[keyof typeof Phase];

const [CONNECTING, OPEN, CLOSING, CLOSED] = [0, 1, 2, 3] as const;
/** The `readyState` of each phase. */
const readyStates = [CONNECTING, CONNECTING, OPEN, OPEN, OPEN, CONNECTING, CLOSING, CLOSED] as const;

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
  onopen: Handler<"open">;
  onmessage: Handler<"message">;
  onerror: Handler<"error">;
  onclose: Handler<"close">;
  onreconnecting: Handler<"reconnecting">;
  onup: Handler<"up">;
  ondown: Handler<"down">;
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
  static readonly CONNECTING = CONNECTING;
  static readonly OPEN = OPEN;
  static readonly CLOSING = CLOSING;
  static readonly CLOSED = CLOSED;

  readonly #url: Source<string | URL>;
  readonly #protocols: Source<Protocols>;
  readonly #settings: Settings;
  readonly #environment: Environment;
  readonly #timers: Timers;
  readonly #queue: SendQueue | undefined;
  /** Removes the listeners on the page and on the application's signal. */
  readonly #listening = new AbortController();

  #phase: Phase = Phase.Connecting;
  #line: Line | undefined;
  #liveness: Liveness | undefined;
  #ledger: SentLedger;
  /** Of the delay, of the attempt, or of the closing handshake: there is one at a time. */
  #stopTimer: () => void = () => {};
  #stopStableTimer: () => void = () => {};
  /** Attempts since the last stable connection. */
  #attempts = 0;
  #lastClose: CloseEvent | undefined;
  #binaryType = "blob";
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
    const settings = readOptions(options);
    const { queue, signal } = settings;
    this.#url = url;
    this.#protocols = protocols;
    this.#settings = settings;
    this.#environment = environment;
    this.#timers = new Timers(environment.clock);
    this.#ledger = this.#newLedger();
    if (queue !== false) {
      this.#queue = new SendQueue(queue, this.#timers, (messages, reason) => {
        const tell = () => this.#tellLoss(reason, messages.length, messages);
        // A limit is met within a call of `send`, and no event comes within a call.
        if (reason === "limit") queueMicrotask(tell);
        else tell();
      });
    }
    if (signal?.aborted) {
      this.close();
      return;
    }
    if (typeof url === "function" || typeof protocols === "function") this.#attempt();
    else this.#attemptNow(url, protocols);
    const listening = { signal: this.#listening.signal };
    signal?.addEventListener("abort", () => this.close(), listening);
    for (const type of ["online", "offline", "pageshow", "visibilitychange"]) {
      environment.page?.addEventListener(type, (event) => this.#pageChanged(event), listening);
    }
  }

  /** The URL of the connection, or of the one to come as far as it is known. */
  get url(): string {
    return this.#line?.connection?.url ?? (typeof this.#url === "function" ? "" : `${this.#url}`);
  }

  /** CONNECTING as long as there is no connection and one may come. */
  get readyState(): 0 | 1 | 2 | 3 {
    return readyStates[this.#phase];
  }

  get protocol(): string {
    return this.#line?.connection?.protocol ?? "";
  }

  get extensions(): string {
    return this.#line?.connection?.extensions ?? "";
  }

  /** Bytes that wait for the line, and those that the connection has not given to the network yet. */
  get bufferedAmount(): number {
    return (this.#queue?.bytes ?? 0) + (this.#line?.connection?.bufferedAmount ?? 0) + this.#discardedBytes;
  }

  get binaryType(): string {
    return this.#binaryType;
  }

  set binaryType(value: string) {
    if (value !== "blob" && value !== "arraybuffer") return;
    this.#binaryType = value;
    const connection = this.#line?.connection;
    if (connection !== undefined) connection.binaryType = value;
  }

  /**
   * Sends a message, or keeps it until the line is up.
   * @throws DOMException QuotaExceededError where too much waits, InvalidStateError without a queue while CONNECTING.
   */
  send(data: SendData, options?: SendOptions): void {
    if (arguments.length === 0) throw new TypeError("send: 1 argument required, but only 0 present");
    const message = toMessage(data);
    const connection = this.#line?.connection;
    const deadline = options?.deadline ?? Infinity;
    if (!(deadline >= 0)) throw new TypeError(`The deadline is ${deadline}, but must be milliseconds`);
    if (this.#phase >= Phase.Closing) {
      this.#discardedBytes += byteLength(message);
    } else if (this.#queue === undefined) {
      if (this.readyState === CONNECTING) {
        throw new DOMException("There is no connection, and the option queue is false", "InvalidStateError");
      }
      if (connection !== undefined) this.#transmit(connection, message);
    } else if (this.#phase === Phase.Up && connection?.readyState === OPEN) {
      this.#transmit(connection, message);
    } else {
      this.#queue.push(message, deadline);
    }
  }

  /**
   * Ends it for good, also in the middle of an attempt or of a delay.
   * @throws DOMException InvalidAccessError for a code that is neither 1000 nor from 3000 to 4999, SyntaxError for a
   * reason of more than 123 bytes.
   */
  close(code?: number, reason?: string): void {
    checkClose(code, reason);
    const phase = this.#phase;
    if (phase >= Phase.Closing) return;
    const connection = this.#line?.connection;
    if (phase === Phase.Suspended && connection !== undefined) this.#flush(connection);
    this.#phase = Phase.Closing;
    this.#liveness?.stop();
    // A closing handshake under way goes on, with its timer.
    if (phase === Phase.Replacing) return;
    if (readyStates[phase] === OPEN && connection !== undefined) {
      this.#closeConnection(connection, code, reason);
    } else {
      this.#line?.abandon();
      this.#setTimer(0, () => this.#over(this.#closeEvent({ code: 1006, reason: "", wasClean: false })));
    }
  }

  /**
   * Opens a new connection now, whatever there is: no delay is waited for, and a connection that is open is closed
   * first. Does nothing after `close`.
   */
  reconnect(reason = ""): void {
    checkClose(1000, reason);
    const phase = this.#phase;
    if (phase >= Phase.Replacing) return;
    this.#attempts = 0;
    const connection = this.#line?.connection;
    if (readyStates[phase] !== OPEN || connection === undefined) {
      this.#line?.abandon();
      this.#attempt();
    } else {
      const isDoubtful = phase === Phase.Suspended || this.#liveness?.probing === true;
      this.#phase = Phase.Replacing;
      this.#liveness?.stop();
      this.#closeConnection(connection, 1000, reason, isDoubtful);
    }
  }

  /** Lets a Node.js process end while this object waits. A connection keeps it alive all the same. */
  unref(): this {
    this.#timers.hold(false);
    return this;
  }

  /** Takes `unref` back. */
  ref(): this {
    this.#timers.hold(true);
    return this;
  }

  #newLedger(): SentLedger {
    const { keepSent, queue } = this.#settings;
    return new SentLedger(keepSent ? (queue || defaultQueue).maxMessages : 0);
  }

  #setTimer(milliseconds: number, callback: () => void): void {
    this.#stopTimer();
    this.#stopTimer = this.#timers.start(milliseconds, callback);
  }

  /** Starts an attempt, whose line is the object's from now on. */
  #startLine(): Line {
    const { connectTimeout } = this.#settings;
    this.#phase = Phase.Connecting;
    this.#attempts++;
    const line = new Line(this.#environment, {
      opened: (connection) => this.#opened(line, connection),
      received: (data, origin) => this.#received(data, origin),
      ended: (cause) => this.#ended(cause),
    });
    this.#line = line;
    this.#ledger = this.#newLedger();
    this.#setTimer(connectTimeout, () => line.fail(`Not open within ${connectTimeout} ms`));
    return line;
  }

  /** The first attempt: what can't be a URL is refused here and now, as by the plain object. */
  #attemptNow(url: string | URL, protocols: Protocols): void {
    try {
      this.#dial(this.#startLine(), url, protocols);
    } catch (error) {
      this.#timers.stopAll();
      throw error;
    }
  }

  async #attempt(): Promise<void> {
    const line = this.#startLine();
    const ask = (source: unknown) =>
      typeof source === "function" ? source(this.#attempts, this.#lastClose) : source;
    try {
      // The functions aren't asked within a call of the application's.
      await undefined;
      if (line.isAbandoned) return;
      const [url, protocols] = await Promise.all([ask(this.#url), ask(this.#protocols)]);
      if (!line.isAbandoned) this.#dial(line, url, protocols);
    } catch (error) {
      line.fail("No attempt could be made", error);
    }
  }

  #dial(line: Line, url: string | URL, protocols: Protocols): void {
    line.dial(this.#settings.WebSocket ?? this.#environment.WebSocket, url, protocols, this.#binaryType);
  }

  #opened(line: Line, connection: WebSocketLike): void {
    this.#phase = Phase.Opening;
    let hook: unknown;
    try {
      hook = this.#settings.onOpen?.(connection);
    } catch (error) {
      line.fail("onOpen failed", error);
      return;
    }
    if (line !== this.#line || this.#phase !== Phase.Opening) return;
    this.dispatchEvent(new Event("open"));
    if (typeof (hook as PromiseLike<unknown> | undefined)?.then !== "function") {
      this.#ready(line, connection);
      return;
    }
    (hook as PromiseLike<unknown>).then(
      () => this.#ready(line, connection),
      (error) => {
        if (this.#phase === Phase.Opening) line.fail("onOpen failed", error);
      },
    );
  }

  /** The line can be used. */
  #ready(line: Line, connection: WebSocketLike): void {
    // A connection that is closing already tells its end soon; the attempt's timer still runs.
    if (line !== this.#line || this.#phase !== Phase.Opening || connection.readyState !== OPEN) return;
    this.#stopTimer();
    const { stableAfter, heartbeat } = this.#settings;
    const { canPing, ping, clock } = this.#environment;
    this.#stopStableTimer = this.#timers.start(stableAfter, () => {
      this.#attempts = 0;
    });
    this.#liveness = new Liveness(
      {
        ping: canPing(connection) ? () => ping(connection) : undefined,
        isDrained: () => connection.bufferedAmount === 0,
        sendHeartbeat: () => heartbeat && connection.send(heartbeat.message),
        alive: () => this.#alive(connection),
        dead: (reason) => line.fail(reason, undefined),
      },
      this.#settings,
      this.#ledger,
      this.#timers,
      clock,
    );
    this.#goUp(connection);
  }

  #goUp(connection: WebSocketLike): void {
    this.#phase = Phase.Up;
    this.#flush(connection);
    this.#isUp = true;
    this.dispatchEvent(new Event("up"));
  }

  #alive(connection: WebSocketLike): void {
    if (this.#phase === Phase.Suspended) this.#goUp(connection);
  }

  #flush(connection: WebSocketLike): void {
    while (connection.readyState === OPEN) {
      const message = this.#queue?.shift();
      if (message === undefined) return;
      this.#transmit(connection, message);
    }
  }

  #transmit(connection: WebSocketLike, message: SendData): void {
    connection.send(message);
    this.#ledger.add(message);
  }

  #received(data: unknown, origin: string): void {
    const isReply = this.#liveness?.heard(data) === true;
    if (!isReply && this.readyState === OPEN) {
      this.dispatchEvent(new MessageEvent("message", { data, origin }));
    }
  }

  #closeConnection(
    connection: WebSocketLike,
    code: number | undefined,
    reason: string | undefined,
    isDoubtful = false,
  ): void {
    if (code === undefined) connection.close();
    else connection.close(code, reason);
    this.#awaitClose(connection, isDoubtful ? 0 : this.#settings.timeout);
  }

  /** Waits for the closing handshake as long as it goes forward. */
  #awaitClose(connection: WebSocketLike, timeout: number): void {
    const before = connection.bufferedAmount;
    this.#setTimer(timeout, () => {
      if (timeout > 0 && connection.bufferedAmount < before) this.#awaitClose(connection, timeout);
      else this.#line?.fail(timeout > 0 ? `Not closed within ${timeout} ms` : "");
    });
  }

  /** The connection is gone, or the attempt has failed. */
  #ended(cause: CloseEvent): void {
    const phase = this.#phase;
    this.#liveness?.stop();
    this.#liveness = undefined;
    this.#stopStableTimer();
    this.#lastClose = cause;
    if (phase === Phase.Closing) {
      this.#over(cause);
      return;
    }
    // From here on the application may call anything at any time.
    this.#phase = Phase.Waiting;
    const attempt = this.#attempts + 1;
    const isReplaced = phase === Phase.Replacing;
    const failure = isReplaced ? undefined : this.#reasonToGiveUp(cause, attempt);
    if (this.#phase !== Phase.Waiting) return;
    if (failure !== undefined) {
      this.#over(failure);
      return;
    }
    const { clock } = this.#environment;
    const delay = isReplaced ? 0 : delayBefore(attempt, this.#settings, cause, clock.random(), clock.now());
    this.#setTimer(delay, () => this.#attempt());
    const stop = this.#stopTimer;
    this.#tellEnd(cause, phase);
    // A listener may have closed the object, or asked for an attempt at once.
    if (this.#stopTimer === stop) this.dispatchEvent(eventWith("reconnecting", { attempt, delay, cause }));
  }

  /** The event to give up with; `undefined` for another attempt. */
  #reasonToGiveUp(cause: CloseEvent, attempt: number): CloseEvent | undefined {
    const { maxAttempts, shouldReconnect = isWorthRetrying } = this.#settings;
    try {
      return attempt <= maxAttempts && shouldReconnect(cause, attempt) ? undefined : cause;
    } catch (error) {
      return this.#closeEvent({ code: 1006, reason: "shouldReconnect failed", wasClean: false }, error);
    }
  }

  /** It is over for good. */
  #over(cause: CloseEvent): void {
    const wasAsked = this.#phase === Phase.Closing;
    this.#phase = Phase.Closed;
    this.#discardedBytes += this.#queue?.bytes ?? 0;
    this.#listening.abort();
    this.#timers.stopAll();
    this.#tellEnd(cause, wasAsked ? Phase.Closing : Phase.Waiting);
    this.#queue?.clear();
    if (!wasAsked && !cause.wasClean) this.dispatchEvent(eventWith("error", { error: cause.error }));
    this.dispatchEvent(cause);
  }

  /** Tells what the end of a connection means. A peer that has answered our goodbye has got all that went before it. */
  #tellEnd(cause: CloseEvent, phase: Phase): void {
    if (this.#isUp) {
      this.#isUp = false;
      this.dispatchEvent(eventWith("down", { cause }));
    }
    const { unconfirmed, messages } = this.#ledger;
    this.#ledger = this.#newLedger();
    const hasArrived = cause.wasClean && (phase === Phase.Closing || phase === Phase.Replacing);
    if (unconfirmed > 0 && !hasArrived) this.#tellLoss("connection", unconfirmed, messages);
  }

  #tellLoss(reason: LossReason, count: number, messages: readonly SendData[]): void {
    this.dispatchEvent(eventWith("lost", { reason, count, messages }));
  }

  #closeEvent(status: CloseStatus, error?: unknown): CloseEvent {
    return Object.assign(new this.#environment.CloseEvent("close", status), { error });
  }

  /** The page knows more of the network, or has slept. */
  #pageChanged(event: Event): void {
    if (event.type === "offline") {
      if (this.#phase !== Phase.Up) return;
      this.#phase = Phase.Suspended;
      this.#isUp = false;
      this.dispatchEvent(eventWith("down", { cause: undefined }));
      return;
    }
    const isHidden = this.#environment.page?.document?.visibilityState === "hidden";
    const isFresh = event.type === "pageshow" && (event as { persisted?: boolean }).persisted !== true;
    if (isHidden || isFresh) return;
    if (this.#phase === Phase.Waiting) this.#attempt();
    else if (this.#phase === Phase.Suspended && this.#liveness?.canProbe !== true) {
      this.#line?.fail("The page was offline");
    } else this.#liveness?.probe();
  }

  static {
    const { prototype } = ReconnectingWebSocket;
    for (const [name, value] of Object.entries({ CONNECTING, OPEN, CLOSING, CLOSED })) {
      Object.defineProperty(prototype, name, { value, enumerable: true });
    }
    defineHandlerAttributes(prototype, eventTypes);
  }
}

/** [WS] close, steps 1 and 2. */
function checkClose(code: number | undefined, reason = ""): void {
  if (code !== undefined && code !== 1000 && !(code >= 3000 && code <= 4999)) {
    throw new DOMException(
      `The close code is ${code}, but must be 1000 or from 3000 to 4999`,
      "InvalidAccessError",
    );
  }
  if (byteLength(`${reason}`) > 123) {
    throw new DOMException("The close reason has more than 123 bytes", "SyntaxError");
  }
}
