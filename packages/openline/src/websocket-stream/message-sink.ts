import type { UnderlyingSink } from "node:stream/web";
import { toBufferSource } from "../websocket/binary-data.js";
import { invalidStateError } from "../websocket/exceptions.js";
import { ReadyState, type Session } from "../websocket/session.js";
import { closeWishOf, createWebSocketError } from "./websocket-error.js";

/** The two ends of a promise that is under way. */
interface Pending {
  resolve(): void;
  reject(reason: unknown): void;
}

/**
 * Writes that may follow each other within one turn of the event loop. A socket mostly takes a message at once: a
 * program that only writes would leave no turn to timers and to what has come.
 */
const writesPerTurn = 16;

/** The sink of `writable`: a message for each write, which is through once the network has taken it. */
export class MessageSink implements UnderlyingSink<unknown> {
  readonly #session: Session;
  #controller: WritableStreamDefaultController | undefined;
  /** The write that the network has not taken yet. */
  #write: Pending | undefined;
  /** The `close()` that waits for the closing handshake. */
  #close: Pending | undefined;
  #ended = false;
  #writesThisTurn = 0;

  constructor(session: Session) {
    this.#session = session;
  }

  /** Whether a message is still on its way to the network. */
  get isWriting(): boolean {
    return this.#write !== undefined;
  }

  start(controller: WritableStreamDefaultController): void {
    this.#controller = controller;
    // The types of Node 20 lack it.
    const { signal } = controller as unknown as { readonly signal: AbortSignal };
    // A stream calls `abort` behind the write that is under way; a peer that reads nothing would hold it up for ever.
    signal.addEventListener("abort", () => this.#writeFailed(signal.reason));
  }

  write(chunk: unknown): Promise<void> | undefined {
    const binary = toBufferSource(chunk, "write");
    const text = binary === undefined ? `${chunk}`.toWellFormed() : undefined;
    // Chromium drops what is written once the connection is closing.
    if (this.#session.readyState !== ReadyState.Open) return undefined;
    if (binary !== undefined) this.#session.sendBinary(binary);
    else if (text !== undefined) this.#session.sendString(text);
    if (this.#session.flushNow()) return this.#turnTaken();
    return new Promise((resolve, reject) => {
      this.#write = { resolve, reject };
    });
  }

  /** Every so many writes, a promise for the next turn of the event loop. */
  #turnTaken(): Promise<void> | undefined {
    this.#writesThisTurn += 1;
    if (this.#writesThisTurn < writesPerTurn) return undefined;
    this.#writesThisTurn = 0;
    return new Promise((resolve) => setImmediate(resolve));
  }

  close(): Promise<void> {
    this.#ended = true;
    this.#session.close(undefined, "");
    return new Promise((resolve, reject) => {
      this.#close = { resolve, reject };
    });
  }

  abort(reason: unknown): void {
    this.#ended = true;
    const { code, reason: text } = closeWishOf(reason);
    this.#session.close(code, text);
  }

  /** The network has taken all output. */
  outputTaken(): void {
    const write = this.#write;
    this.#write = undefined;
    write?.resolve();
  }

  /** The connection closes, or has closed, as it should: nothing more can be written. */
  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#controller?.error(invalidStateError("The WebSocketStream is closed: nothing can be written to it"));
  }

  /** The connection is gone after a closing handshake. */
  closed(): void {
    this.#close?.resolve();
    this.end();
  }

  /** The connection broke. */
  fail(error: Error): void {
    this.#close?.reject(createWebSocketError(error.message, { cause: error.cause }));
    this.#writeFailed(error);
    if (this.#ended) return;
    this.#ended = true;
    this.#controller?.error(error);
  }

  #writeFailed(reason: unknown): void {
    const write = this.#write;
    this.#write = undefined;
    write?.reject(reason);
  }
}
