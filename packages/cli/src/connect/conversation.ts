import {
  type CloseEvent,
  drained,
  pause,
  resume,
  terminate,
  WebSocket,
  type WebSocketOptions,
} from "openline";
import { ReconnectingWebSocket } from "openline/reconnecting";
import type { ConnectionTarget } from "../connection-target.js";

/** How it is over. */
export interface End {
  readonly code: number;
  readonly reason: string;
  readonly wasClean: boolean;
  /** What was wrong, where it is known. */
  readonly error: (Error & { readonly code?: string }) | undefined;
}

/** What there is to tell of an object. */
export interface Observer {
  /** A connection is there; with `--reconnect` again and again. */
  opened(connection: WebSocket): void;
  received(data: string | ArrayBuffer): void;
  /** Another attempt will be made after so many milliseconds. */
  reconnecting?(attempt: number, delay: number, end: End): void;
  /** So many messages may not have arrived. */
  lost?(count: number): void;
  /** Of the object: nothing comes after it. */
  closed(end: End): void;
}

/** Somebody waits in front of it, so the delays are shorter than an application's. */
const delays = { minDelay: 500, factor: 2, maxDelay: 15_000 };

/** Milliseconds that a peer has to answer a close that is asked for in a hurry. */
const hurry = 1000;

/** A `WebSocket`, or a `ReconnectingWebSocket`, as the command uses it. */
export class Conversation {
  /** Resolves at the end for good. */
  readonly ended: Promise<End>;
  readonly #socket: WebSocket | ReconnectingWebSocket;
  /** The connection that is there. */
  #connection: WebSocket | undefined;
  #isUp = false;
  #whenUp: (() => void)[] = [];
  #isPaused = false;
  #closeAsked = false;

  constructor({ url, options }: ConnectionTarget, isReconnecting: boolean, observer: Observer) {
    const opened = (connection: WebSocket): void => {
      this.#connection = connection;
      if (this.#isPaused) pause(connection);
      observer.opened(connection);
    };
    const socket = isReconnecting
      ? reconnecting(url, options, opened, observer)
      : plain(url, options, opened);
    this.#socket = socket;
    socket.binaryType = "arraybuffer";
    const listen = (type: string, listener: (event: Event) => void): void =>
      (socket as EventTarget).addEventListener(type, listener);
    listen("message", (event) => observer.received((event as Event & { data: string | ArrayBuffer }).data));
    // The plain object is up once it is open.
    listen(isReconnecting ? "up" : "open", () => {
      this.#isUp = true;
      this.#release();
    });
    listen("down", () => {
      this.#isUp = false;
    });
    let error: End["error"];
    listen("error", (event) => {
      error = (event as Event & { error?: Error }).error;
    });
    this.ended = new Promise((resolve) => {
      listen("close", (event) => {
        const { code, reason, wasClean } = event as CloseEvent;
        const end = { code, reason, wasClean, error };
        this.#release();
        resolve(end);
        observer.closed(end);
      });
    });
  }

  get readyState(): 0 | 1 | 2 | 3 {
    return this.#socket.readyState;
  }

  get bufferedAmount(): number {
    return this.#socket.bufferedAmount;
  }

  /** The connection behind it: the last one, whatever has become of it. */
  get connection(): WebSocket | undefined {
    return this.#connection;
  }

  /** Whether this side has asked for the end. */
  get closeAsked(): boolean {
    return this.#closeAsked;
  }

  send(data: string | Uint8Array<ArrayBuffer>): void {
    this.#socket.send(data);
  }

  /** Resolves once messages go out at once, or never will: then `readyState` is no longer 1. */
  async up(): Promise<void> {
    if (this.#isUp || this.readyState > WebSocket.OPEN) return;
    await new Promise<void>((resolve) => this.#whenUp.push(resolve));
  }

  /** Resolves once no more than so many bytes wait, or none will ever leave. */
  async drained(below: number): Promise<void> {
    await drained(this.#socket, below).catch(() => {});
  }

  /** @throws DOMException for a code or a reason that can't be sent. */
  close(code = 1000, reason = ""): void {
    this.#socket.close(code, reason);
    this.#closeAsked = true;
  }

  /** Ends it, also where the peer doesn't answer. */
  closeSoon(): void {
    this.close();
    setTimeout(() => this.terminate(), hurry).unref();
  }

  /** Ends it at once. */
  terminate(): void {
    this.#closeAsked = true;
    if (this.#connection === undefined) this.#socket.close();
    else terminate(this.#connection);
  }

  /** Lets TCP slow the peer down. */
  pause(): void {
    this.#isPaused = true;
    if (this.#connection?.readyState === WebSocket.OPEN) pause(this.#connection);
  }

  resume(): void {
    this.#isPaused = false;
    if (this.#connection !== undefined) resume(this.#connection);
  }

  #release(): void {
    const waiting = this.#whenUp;
    this.#whenUp = [];
    for (const resolve of waiting) resolve();
  }
}

function plain(url: string, options: WebSocketOptions, opened: (connection: WebSocket) => void): WebSocket {
  const socket = new WebSocket(url, options);
  socket.addEventListener("open", () => opened(socket));
  return socket;
}

function reconnecting(
  url: string,
  options: WebSocketOptions,
  opened: (connection: WebSocket) => void,
  observer: Observer,
): ReconnectingWebSocket {
  const socket = new ReconnectingWebSocket(url, options, {
    ...delays,
    WebSocket,
    onOpen: (connection) => opened(connection as WebSocket),
  });
  socket.addEventListener("reconnecting", ({ attempt, delay, cause }) => {
    const { error } = cause as typeof cause & { error?: Error };
    const { code, reason, wasClean } = cause;
    observer.reconnecting?.(attempt, delay, { code, reason, wasClean, error });
  });
  socket.addEventListener("lost", ({ count }) => observer.lost?.(count));
  return socket;
}
