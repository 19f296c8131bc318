import { checkCloseArguments } from "./close-arguments.js";
import { type CloseEvent, type Environment, noop, type SendData, type WebSocketLike } from "./environment.js";
import type { ErrorEvent, ReconnectingWebSocketEventMap } from "./events.js";
import { type Liveness, watchLiveness } from "./liveness.js";
import { watchTaking } from "./movement.js";
import type { Protocols, Settings, Source } from "./options.js";
import { byteLength } from "./outgoing-message.js";
import { watchPage } from "./page.js";
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
import { createSendQueue, type LossReason } from "./send-queue.js";
import { createSentLedger } from "./sent-ledger.js";

/** The connection of the moment, and all those to come. */
export interface Line {
  /** The one connection that is listened to. */
  connection(): WebSocketLike | undefined;
  readyState(): 0 | 1 | 2 | 3;
  bufferedAmount(): number;
  /** Of the connections to come. */
  binaryType: "blob" | "arraybuffer";
  send(message: SendData, deadline: number): void;
  close(code?: number, reason?: string): void;
  reconnect(reason: string): void;
}

/**
 * Opens a connection, and the next one whenever one ends unasked.
 * @param dispatch is given each event of the object.
 * @throws what the constructor of the connections throws for a URL or subprotocols that are no functions.
 */
export function keepLine(
  url: Source<string | URL>,
  protocols: Source<Protocols>,
  settings: Settings,
  environment: Environment,
  dispatch: (event: Event) => void,
): Line {
  const { clock, page } = environment;
  const { signal, timeout } = settings;
  /** Removes the listeners on the page and on the application's signal. */
  const listening = new AbortController();

  let phase = Attempting as Phase;
  let connection: WebSocketLike | undefined;
  let liveness: Liveness | undefined;
  let ledger = createSentLedger();
  /** Of the delay, of the attempt, or of the closing handshake: there is one at a time. */
  let stopTimer = noop;
  /** Since when the connection has been up. */
  let upSince = Infinity;
  /** Attempts since the last stable connection. */
  let attempts = 0;
  let lastClose: CloseEvent | undefined;
  /** Whether `up` was the last to be told, not `down`. */
  let isUp = false;
  let discardedBytes = 0;
  /** Added to each delay: Infinity while the page is in the back-forward cache, or on its way there. */
  let absence = 0;

  const tell = (type: keyof ReconnectingWebSocketEventMap, properties?: object) =>
    dispatch(Object.assign(new Event(type), properties));

  /** @param status another event of the kind, or what one says. */
  const closeEvent = (status: Partial<CloseEvent> & { readonly code: number }, error?: unknown): CloseEvent =>
    Object.assign(new environment.CloseEvent("close", status), {
      error,
      ...environment.refusal?.(error),
    });

  const lose = (reason: LossReason, messages: readonly SendData[], count = messages.length) => {
    if (count > 0) tell("lost", { reason, count, messages });
  };

  const queue = createSendQueue(settings, clock, lose);

  const setTimer = (milliseconds: number, callback: () => void) => {
    stopTimer();
    stopTimer = clock.after(milliseconds, callback);
  };

  const readyState = () => {
    if (phase < Opening) return CONNECTING;
    if (phase < Closing) return OPEN;
    return phase === Closing ? CLOSING : CLOSED;
  };

  const isOpen = () => connection?.readyState === OPEN;

  /** @throws whatever the constructor throws for a wrong URL or subprotocol. */
  const dial = (to: string | URL, subprotocols: unknown) => {
    const dialled = new settings.WebSocket(to, subprotocols as string[]);
    let error: unknown;
    // The listeners stay on an abandoned connection: an object of `ws` throws an error that nobody listens for.
    const listen = <T>(type: "open" | "message" | "error" | "close", listener: (event: T) => void) =>
      dialled.addEventListener(type, (event) => {
        if (connection === dialled) listener(event as T);
      });
    connection = dialled;
    dialled.binaryType = line.binaryType;
    listen("open", () => opened(dialled));
    listen("message", received);
    listen<ErrorEvent>("error", (event) => {
      error = event.error;
    });
    listen<CloseEvent>("close", (event) => ended(closeEvent(event, error)));
  };

  /** Starts an attempt, unless it is under way already, and limits its time. */
  const attempt = async () => {
    phase = Attempting;
    attempts++;
    ledger = createSentLedger(settings.keepSent ? settings.maxQueuedMessages : 0);
    setTimer(settings.connectTimeout, () => fail("Not open"));
    if (connection) return;
    // Whatever ends the attempt stops its timer.
    const timer = stopTimer;
    const isOver = () => phase !== Attempting || stopTimer !== timer;
    const ask = (source: unknown) => (typeof source === "function" ? source(attempts, lastClose) : source);
    try {
      // The functions aren't asked within a call of the application's.
      await undefined;
      if (isOver()) return;
      const answers = await Promise.all([ask(url), ask(protocols)]);
      if (!isOver()) dial(...answers);
    } catch (error) {
      if (!isOver()) fail("url", error);
    }
  };

  /** Lets the connection go without waiting for anything. Whatever it still tells is not heard. */
  const abandon = () => {
    const abandoned = connection;
    connection = undefined;
    if (abandoned) environment.terminate(abandoned);
  };

  /** Gives the connection, or the attempt, up. */
  const fail = (reason: string, error?: unknown) => {
    abandon();
    ended(closeEvent({ code: 1006, reason }, error));
  };

  const opened = async (to: WebSocketLike) => {
    phase = Opening;
    const isOpening = () => connection === to && phase === Opening;
    try {
      const hook = settings.onOpen(to);
      if (isOpening()) tell("open");
      // Without a promise the line is up before anything else can happen.
      if (hook) await hook;
    } catch (error) {
      if (isOpening()) fail("onOpen", error);
    }
    // A connection that is closing already tells its end soon; the attempt's timer still runs.
    if (!isOpening() || !isOpen()) return;
    stopTimer();
    upSince = clock.now();
    liveness = watchLiveness({
      ...settings,
      ...environment,
      ledger,
      ping: environment.pinger?.(to),
      connection: to,
      alive: () => phase === Suspended && goUp(),
      dead: fail,
    });
    goUp();
  };

  const goUp = () => {
    phase = Up;
    isUp = true;
    flush();
    tell("up");
  };

  const goDown = (cause?: CloseEvent) => {
    const wasUp = isUp;
    isUp = false;
    if (wasUp) tell("down", { cause });
  };

  const transmit = (message: SendData) => {
    connection?.send(message);
    ledger.add(message);
    liveness?.sent();
  };

  const flush = () => {
    if (isOpen()) for (const message of queue.take()) transmit(message);
  };

  const received = (event: MessageEvent) => {
    const isReply = liveness?.heard(event.data);
    // An event can be dispatched only once. The copy takes what it can from the original.
    if (!isReply && readyState() === OPEN) dispatch(new MessageEvent("message", event as object));
  };

  /** Waits for the closing handshake as long as it goes forward. */
  const awaitClose = (longest: number) => {
    const hasMoved = connection && watchTaking(connection);
    liveness?.stop();
    setTimer(longest, () => {
      if (hasMoved?.()) awaitClose(longest);
      else fail("close");
    });
  };

  const isWorthwhile = (cause: CloseEvent, next: number) => {
    try {
      return next <= settings.maxAttempts && settings.shouldReconnect(cause, next);
    } catch (error) {
      Object.assign(cause, { error });
      return false;
    }
  };

  /** The connection is gone, or the attempt has failed. */
  const ended = (cause: CloseEvent) => {
    const before = phase;
    const isReplaced = before === Replacing;
    const isFinal = before === Closing;
    const { messages, unconfirmed } = ledger;
    // Looked up now, so that no timer has to wait for it.
    if (clock.now() - upSince >= settings.stableAfter) attempts = 0;
    const next = attempts + 1;
    upSince = Infinity;
    liveness?.stop();
    liveness = undefined;
    lastClose = cause;
    stopTimer();
    if (!isFinal) connection = undefined;
    ledger = createSentLedger();
    phase = isFinal ? Over : Waiting;
    goDown(cause);
    // A peer that has answered our goodbye has got all that went before it.
    if (!((isReplaced || isFinal) && cause.wasClean)) lose("connection", messages, unconfirmed());
    // A listener may have closed the object, or asked for an attempt at once; so may shouldReconnect.
    const isOn = isReplaced || (phase === Waiting && isWorthwhile(cause, next));
    if (isOn && phase === Waiting) {
      const delay = isReplaced ? 0 : delayBefore(next, settings, cause, clock.random());
      setTimer(delay + absence, attempt);
      tell("reconnecting", { attempt: next, delay, cause });
    } else if (isFinal || phase === Waiting) {
      // It is over for good.
      phase = Over;
      listening.abort();
      discardedBytes += queue.bytes();
      lose("closed", [...queue.take()]);
      if (!isFinal && (!cause.wasClean || cause.error)) tell("error", { error: cause.error });
      dispatch(cause);
    }
  };

  const close = (code?: number, reason?: string) => {
    const before = phase;
    if (before === Suspended) flush();
    // A connection checks the arguments in every state.
    if (connection) connection.close(code, reason);
    else checkCloseArguments(code, reason);
    if (before >= Closing) return;
    phase = Closing;
    if (before >= Opening) awaitClose(timeout);
    // A closing handshake that is under way goes on.
    else if (before !== Replacing) {
      abandon();
      setTimer(0, () => fail(""));
    }
  };

  const reconnect = (reason?: string) => {
    const before = phase;
    if (before >= Closing || before === Replacing) return;
    connection?.close(1000, reason);
    attempts = 0;
    if (before >= Opening) {
      phase = Replacing;
      // Nothing is waited for on a line under suspicion.
      awaitClose(liveness?.stop() || before === Suspended ? 0 : timeout);
    } else {
      abandon();
      attempt();
    }
  };

  /** The line is taken for down, but the connection may live on. */
  const suspend = () => {
    if (phase !== Up) return;
    phase = Suspended;
    goDown();
  };

  /** Keeps no connection and makes no attempt, which would keep the page out of the back-forward cache. */
  const leave = () => {
    absence = Infinity;
    if (phase >= Opening) reconnect();
    else if (phase === Attempting) {
      phase = Replacing;
      fail("");
    }
  };

  /** Finds out at once how the line is. */
  const wake = () => {
    absence = 0;
    if (phase === Waiting) attempt();
    else if (!liveness?.probe() && phase === Suspended) reconnect();
  };

  const line: Line = {
    binaryType: "blob",
    connection: () => connection,
    readyState,
    bufferedAmount: () => queue.bytes() + (connection?.bufferedAmount ?? 0) + discardedBytes,
    send(message, deadline) {
      if (phase >= Closing) discardedBytes += byteLength(message);
      else if (settings.queue && !(phase === Up && isOpen())) queue.push(message, deadline);
      else if (readyState() === OPEN) transmit(message);
      else throw new DOMException("Not open", "InvalidStateError");
    },
    close,
    reconnect,
  };

  if (signal?.aborted) close();
  else {
    // What can't be a URL is refused here and now, as by the plain object.
    if (typeof url !== "function" && typeof protocols !== "function") dial(url, protocols);
    attempt();
    signal?.addEventListener("abort", () => close(), { signal: listening.signal });
    if (page) watchPage(page, listening.signal, suspend, leave, wake);
  }
  return line;
}
