import type { CloseEventStatus } from "../websocket/fired-event.js";
import { Session } from "../websocket/session.js";
import type { SessionOwner } from "../websocket/session-owner.js";
import type { WebSocketSettings } from "../websocket/websocket-options.js";
import { MessageSink } from "./message-sink.js";
import { MessageSource, type ReceivedMessage } from "./message-source.js";
import { createWebSocketError } from "./websocket-error.js";

/** What `opened` gives. */
export interface WebSocketOpenInfo {
  /** The extensions in use, as their header has them, or "". */
  readonly extensions: string;
  /** The subprotocol that the server chose, or "". */
  readonly protocol: string;
  /** The messages of the server: a string for text, a `Uint8Array` for binary. */
  readonly readable: ReadableStream<ReceivedMessage>;
  /** Takes messages for the server: an `ArrayBuffer` or a view goes as binary, anything else as text. */
  readonly writable: WritableStream<unknown>;
}

/** What `closed` gives: the code and the reason of the peer's close frame. */
export interface WebSocketClosedInfo {
  readonly closeCode: number;
  readonly reason: string;
}

/** A promise that may be rejected without anybody having looked at it. */
class Outcome<T> {
  readonly promise: Promise<T>;
  resolve: (value: T) => void = () => {};
  reject: (reason: unknown) => void = () => {};

  constructor() {
    this.promise = new Promise((resolve, reject) => {
      this.resolve = resolve;
      this.reject = reject;
    });
    // Whoever waits for `opened` need not wait for `closed`, and Node ends a process whose rejections nobody handles.
    this.promise.catch(() => {});
  }
}

/** What lies behind a `WebSocketStream`: a session's owner that turns its calls into streams and promises. */
export class StreamConnection implements SessionOwner {
  readonly #opened = new Outcome<WebSocketOpenInfo>();
  readonly #closed = new Outcome<WebSocketClosedInfo>();
  #session: Session | undefined;
  #signal: AbortSignal | undefined;
  #source: MessageSource | undefined;
  #sink: MessageSink | undefined;
  /** What the connection was failed with. */
  #error: Error | undefined;
  /** Whether the signal ended it all. */
  #aborted = false;

  get openedPromise(): Promise<WebSocketOpenInfo> {
    return this.#opened.promise;
  }

  get closedPromise(): Promise<WebSocketClosedInfo> {
    return this.#closed.promise;
  }

  /** Opens the connection. */
  open(
    url: URL,
    subprotocols: readonly string[],
    settings: WebSocketSettings,
    signal: AbortSignal | undefined,
  ): void {
    this.#session = Session.open(this, url, subprotocols, settings);
    this.#signal = signal;
    signal?.addEventListener("abort", this.#onAbort);
  }

  close(code: number | undefined, reason: string): void {
    this.#session?.close(code, reason);
  }

  /** Ends it before it is open, or before it began. */
  abort(reason: unknown): void {
    this.#aborted = true;
    this.#session?.close(undefined, "");
    const error = new DOMException("The opening handshake was aborted", "AbortError");
    Object.defineProperty(error, "cause", { value: reason, writable: true, configurable: true });
    this.#opened.reject(error);
    this.#closed.reject(error);
    this.#forgetSignal();
  }

  // SessionOwner

  opened(session: Session): void {
    if (this.#aborted) return;
    this.#forgetSignal();
    const source = new MessageSource(session);
    const sink = new MessageSink(session);
    this.#source = source;
    this.#sink = sink;
    const { extensions, protocol } = session;
    // The source keeps what is read ahead: a close frame can then let go of it at once.
    const readable = new ReadableStream(source, { highWaterMark: 0 });
    const writable = new WritableStream(sink, { highWaterMark: 1 });
    this.#opened.resolve({ extensions, protocol, readable, writable });
  }

  message(_session: Session, data: string | ArrayBuffer): void {
    this.#source?.push(typeof data === "string" ? data : new Uint8Array(data));
  }

  closing(): void {
    this.#source?.close();
    this.#sink?.end();
  }

  failed(_session: Session, error: Error): void {
    this.#error = error;
  }

  closed(_session: Session, { code, reason, wasClean }: CloseEventStatus): void {
    if (this.#aborted) return;
    this.#forgetSignal();
    const cause = this.#error;
    if (this.#source === undefined) {
      this.#opened.reject(createWebSocketError("The connection was closed before it was open", { cause }));
    }
    if (wasClean && this.#sink?.isWriting !== true) {
      this.#source?.close();
      this.#sink?.closed();
      this.#closed.resolve({ closeCode: code, reason });
      return;
    }
    const error = createWebSocketError("The connection was not closed cleanly", {
      closeCode: code,
      reason,
      cause,
    });
    this.#source?.fail(error);
    this.#sink?.fail(error);
    this.#closed.reject(error);
  }

  outputTaken(): void {
    this.#sink?.outputTaken();
  }

  readonly #onAbort = (): void => this.abort(this.#signal?.reason);

  #forgetSignal(): void {
    this.#signal?.removeEventListener("abort", this.#onAbort);
    this.#signal = undefined;
  }
}
