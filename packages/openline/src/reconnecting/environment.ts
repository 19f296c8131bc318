/** What `send` takes. */
export type SendData = string | ArrayBufferLike | ArrayBufferView | Blob;

/** The interface of `WebSocket`, as far as it is used: a browser's object has it, and those of openline, `ws` and undici. */
export interface WebSocketLike {
  readonly url: string;
  readonly readyState: number;
  readonly protocol: string;
  readonly extensions: string;
  readonly bufferedAmount: number;
  binaryType: string;
  send(data: SendData): void;
  close(code?: number, reason?: string): void;
  addEventListener(
    type: "open" | "message" | "error" | "close",
    listener: (event: { readonly type: string }) => void,
  ): void;
}

/** A class such as `WebSocket`. */
export type WebSocketConstructor = new (url: string | URL, protocols?: string[]) => WebSocketLike;

/** How a connection ended, or what kept it from being opened. */
export interface CloseEvent extends Event {
  readonly code: number;
  readonly reason: string;
  readonly wasClean: boolean;
  /** What went wrong, where it can be seen: in Node.js an `Error` with a `code`. */
  readonly error?: unknown;
  /** The HTTP status that the server refused the attempt with, where it can be seen. */
  readonly status?: number;
  /** Milliseconds that the server asked to wait with `Retry-After`, where it can be seen. */
  readonly retryAfter?: number;
}

/** Time and chance: tests have their own. */
export interface Clock {
  now(): number;
  random(): number;
  /** Calls back once, after so many milliseconds; never for `Infinity`. @returns the way to stop it. */
  after(milliseconds: number, callback: () => void): () => void;
}

/** What the platform gives; the only things that Node.js and browsers don't share. */
export interface Environment {
  readonly clock: Clock;
  readonly WebSocket: WebSocketConstructor;
  readonly CloseEvent: new (
    type: string,
    init: { code: number; reason?: string; wasClean?: boolean },
  ) => CloseEvent;
  /** What `shouldReconnect` is unless the application gives its own. */
  readonly isWorthRetrying: (closeEvent: CloseEvent) => boolean;
  /** The way to send a protocol ping and wait for its pong, for a connection that has one. */
  readonly pinger?: (connection: WebSocketLike) => (() => Promise<unknown>) | undefined;
  /** Tells later whether bytes have moved, in either direction where that can be seen. */
  watchMovement(connection: WebSocketLike): () => boolean;
  /** Gives a connection up without waiting for its closing handshake, as far as the platform lets us. */
  terminate(connection: WebSocketLike): void;
  /** What an error tells of the server's answer. A page is never told. */
  readonly refusal?: (error: unknown) => Pick<CloseEvent, "status" | "retryAfter">;
  /** Where a page is told of `online`, `offline`, `pageshow` and `visibilitychange`. */
  readonly page?: Page;
}

/** A `Window`, or the global object of a worker; that of a runtime without pages may have no events. */
export interface Page {
  addEventListener?(type: string, listener: (event: Event) => void, options: { signal: AbortSignal }): void;
  readonly document?: { readonly visibilityState: string };
}

/** The longest time that timers take: 24 days. */
export const longestTime = 2 ** 31 - 1;

export function noop(): void {}

/** The platform's own. */
export const clock: Clock = {
  now: () => Date.now(),
  random: () => Math.random(),
  after(milliseconds, callback) {
    // Each timer's way to stop it is its own.
    if (milliseconds > longestTime) return () => {};
    const timer = setTimeout(callback, milliseconds);
    return () => clearTimeout(timer);
  },
};
