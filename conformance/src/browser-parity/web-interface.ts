/**
 * What a scene's client may use of the platform. Parameters are `unknown` where the standard converts or refuses a
 * value: a scene hands in anything.
 */
export interface EventObject extends Event {
  readonly data?: unknown;
  readonly origin?: string;
  readonly lastEventId?: string;
  readonly source?: unknown;
  readonly ports?: readonly unknown[];
  readonly code?: number;
  readonly reason?: string;
  readonly wasClean?: boolean;
}

export type Listener = ((event: EventObject) => unknown) | { handleEvent?: unknown } | null;

export interface WebSocketObject {
  readonly url: string;
  readonly readyState: number;
  readonly bufferedAmount: number;
  readonly extensions: string;
  readonly protocol: string;
  readonly CONNECTING: 0;
  readonly OPEN: 1;
  readonly CLOSING: 2;
  readonly CLOSED: 3;
  get binaryType(): string;
  set binaryType(value: unknown);
  get onopen(): unknown;
  set onopen(value: unknown);
  get onmessage(): unknown;
  set onmessage(value: unknown);
  get onerror(): unknown;
  set onerror(value: unknown);
  get onclose(): unknown;
  set onclose(value: unknown);
  send(...data: unknown[]): void;
  close(...codeAndReason: unknown[]): void;
  addEventListener(type: string, listener: Listener, options?: unknown): void;
  removeEventListener(type: string, listener: Listener, options?: unknown): void;
  dispatchEvent(event: unknown): boolean;
}

export interface WebSocketInterface {
  new (...urlAndProtocols: unknown[]): WebSocketObject;
  readonly prototype: WebSocketObject;
  readonly CONNECTING: 0;
  readonly OPEN: 1;
  readonly CLOSING: 2;
  readonly CLOSED: 3;
}

export interface EventInterface {
  new (...typeAndInit: unknown[]): EventObject;
  readonly prototype: EventObject;
}

export interface Platform {
  readonly WebSocket: WebSocketInterface;
  readonly CloseEvent: EventInterface;
  readonly MessageEvent: EventInterface;
}
