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

/** A chunk of a stream, and how a read or a write went. */
export interface ReaderObject {
  readonly closed: Promise<unknown>;
  read(): Promise<{ readonly done: boolean; readonly value?: unknown }>;
  cancel(reason?: unknown): Promise<unknown>;
}

export interface WriterObject {
  readonly closed: Promise<unknown>;
  readonly ready: Promise<unknown>;
  readonly desiredSize: number | null;
  write(chunk: unknown): Promise<unknown>;
  close(): Promise<unknown>;
  abort(reason?: unknown): Promise<unknown>;
}

export interface OpenInfo {
  readonly extensions: string;
  readonly protocol: string;
  readonly readable: { getReader(): ReaderObject };
  readonly writable: { getWriter(): WriterObject };
}

export interface WebSocketStreamObject {
  readonly url: string;
  readonly opened: Promise<OpenInfo>;
  readonly closed: Promise<unknown>;
  close(...info: unknown[]): void;
}

export interface WebSocketStreamInterface {
  new (...urlAndOptions: unknown[]): WebSocketStreamObject;
  readonly prototype: WebSocketStreamObject;
}

export interface WebSocketErrorObject {
  readonly message: string;
  readonly closeCode: number | null;
  readonly reason: string;
}

export interface WebSocketErrorInterface {
  new (...messageAndInit: unknown[]): WebSocketErrorObject;
  readonly prototype: WebSocketErrorObject;
}

export interface Platform {
  readonly WebSocket: WebSocketInterface;
  readonly WebSocketStream: WebSocketStreamInterface;
  readonly WebSocketError: WebSocketErrorInterface;
  readonly CloseEvent: EventInterface;
  readonly MessageEvent: EventInterface;
}
