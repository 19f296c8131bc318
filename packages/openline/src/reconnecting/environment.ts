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
}

export interface CloseStatus {
  readonly code: number;
  readonly reason: string;
  readonly wasClean: boolean;
}

/** Time and chance: tests have their own. */
export interface Clock {
  now(): number;
  random(): number;
  setTimeout(callback: () => void, milliseconds: number): unknown;
  clearTimeout(timer: unknown): void;
}

/** What the platform gives; the only things that Node.js and browsers don't share. */
export interface Environment {
  readonly clock: Clock;
  readonly WebSocket: WebSocketConstructor;
  readonly CloseEvent: new (type: string, init: CloseStatus) => CloseEvent;
  /** Sends a protocol ping and resolves with the pong; `undefined` for an object that can't send one. */
  ping(connection: WebSocketLike): Promise<unknown> | undefined;
  /** Whether `ping` can be used. */
  canPing(connection: WebSocketLike): boolean;
  /** Gives a connection up without waiting for its closing handshake, as far as the platform lets us. */
  terminate(connection: WebSocketLike): void;
  /** Where a page is told of `online`, `offline`, `pageshow` and `visibilitychange`. */
  readonly page: Page | undefined;
}

/** A `Window`, or the global object of a worker. */
export interface Page {
  addEventListener(type: string, listener: (event: Event) => void, options: { signal: AbortSignal }): void;
  readonly document?: { readonly visibilityState: string };
}

/** The platform's own. Wrapped, since a browser's functions want to be called on its window. */
export const clock: Clock = {
  now: () => Date.now(),
  random: () => Math.random(),
  setTimeout: (callback, milliseconds) => setTimeout(callback, milliseconds),
  clearTimeout: (timer) => clearTimeout(timer as ReturnType<typeof setTimeout>),
};
