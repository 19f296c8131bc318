import type { Peer } from "./peer.js";
import type {
  EventObject,
  Platform,
  ReaderObject,
  WebSocketObject,
  WebSocketStreamObject,
  WriterObject,
} from "./web-interface.js";

/** One line of a transcript: its label, then plain JSON values. */
export type Line = readonly [label: string, ...values: unknown[]];

/**
 * What the client's script saw, in order; then `uncaught` lines, one for each exception that a handler threw (at the
 * end, since the platforms report them at different moments); then `wire` lines, what the server read.
 */
export type Transcript = readonly Line[];

/** What a client's script is given. Everything it needs: its source text runs in the page, without a module around. */
export interface Stage extends Platform {
  /** `ws://127.0.0.1:<port>/` of the scene's server. */
  readonly url: string;
  readonly port: number;
  record(label: string, ...values: unknown[]): void;
  /** Records what the function returns or throws; gives the result back. */
  attempt<T>(label: string, run: () => T): T | undefined;
  /** Records all own properties with their descriptors, sorted, since Web IDL gives them no order. */
  descriptors(label: string, target: object, except?: readonly string[]): void;
  /** Records every attribute of the object. */
  state(label: string, ws: WebSocketObject): void;
  /** Waits for the close event and records it while it is dispatched. */
  closed(label: string, ws: WebSocketObject): Promise<void>;
  /** Records every event that the object fires from now on. */
  watch(ws: WebSocketObject): void;
  next(target: WebSocketObject, type: string): Promise<EventObject>;
  /** Waits until all promises are settled, then records how, in this order: platforms settle in orders of their own. */
  outcomes(
    label: string,
    promises: Readonly<Record<string, Promise<unknown>>> | readonly Promise<unknown>[],
  ): Promise<void>;
  /** A `WebSocketStream` to the scene's server, once it is open. */
  openStream(options?: unknown): Promise<OpenStream>;
  /** Waits for and records the end of the stream, its reader and its writer. */
  ends(open: OpenStream): Promise<void>;
  /** Waits for several turns of the event loop. */
  tasks(): Promise<void>;
  /** Waits until the condition holds, a task at a time. */
  until(condition: () => boolean): Promise<void>;
  /** Tells the server's script that a step is reached. Not awaited, so that what follows comes before the answer. */
  tell(step: string): void;
  /** Waits until the server's script tells a step. */
  told(step: string): Promise<void>;
}

export interface OpenStream {
  readonly stream: WebSocketStreamObject;
  readonly reader: ReaderObject;
  readonly writer: WriterObject;
}

/** A place where both sides are right by their own lights; the test holds each to its lines. */
export interface Difference {
  readonly why: string;
  /** Lines that follow each other, at exactly one place of Chromium's transcript. */
  readonly chromium: Transcript;
  /** What stands there in openline's. */
  readonly openline: Transcript;
}

export interface Scene {
  readonly name: string;
  /** Where the standard speaks of it. */
  readonly section: string;
  readonly client: (stage: Stage) => Promise<void>;
  /** Without one no connection is expected. */
  readonly server?: (peer: Peer) => Promise<void>;
  /** Why what the server read is left out of the comparison. */
  readonly compareWire?: string;
  /** The client fails the connection, and words the reason of its close frame as it likes. */
  readonly freeCloseReason?: boolean;
  /** The class whose own behaviour is played; left out where openline hands out Node's class, not one of its own. */
  readonly classOf?: "MessageEvent" | "CloseEvent";
  readonly differences?: readonly Difference[];
}
