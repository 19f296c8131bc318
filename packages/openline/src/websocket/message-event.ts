import type { EventOptions } from "./close-event.js";

/** What `new MessageEvent(type, init)` takes. HTML 9.1 */
export interface MessageEventInit<T = unknown> extends EventOptions {
  data?: T;
  origin?: string;
  lastEventId?: string;
  source?: null;
  ports?: readonly never[];
}

/** The event that a message comes with. HTML 9.1 */
export interface MessageEvent<T = unknown> extends Event {
  /** A string, or what `binaryType` asks for: a `Blob` or an `ArrayBuffer`. */
  readonly data: T;
  /** The origin of the connection's URL. */
  readonly origin: string;
  /** "" for a WebSocket. */
  readonly lastEventId: string;
  /** `null` for a WebSocket. */
  readonly source: unknown;
  /** Empty for a WebSocket. */
  readonly ports: readonly unknown[];
}

interface MessageEventConstructor {
  new <T = unknown>(type: string, init?: MessageEventInit<T>): MessageEvent<T>;
  readonly prototype: MessageEvent;
  readonly name: string;
}

/** The platform's `MessageEvent`. */
export const MessageEvent: MessageEventConstructor =
  globalThis.MessageEvent as unknown as MessageEventConstructor;
