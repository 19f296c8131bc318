import type { UnderlyingSource } from "node:stream/web";
import type { Session } from "../websocket/session.js";
import { closeWishOf } from "./websocket-error.js";

/** What a message of a stream is read as. */
export type ReceivedMessage = string | Uint8Array<ArrayBuffer>;

/**
 * Messages and bytes that are read ahead of the reader. What lies beyond stays with the network, and so with the peer;
 * a close frame among what is read ahead is seen although nobody reads.
 */
const maxUnreadMessages = 256;
const maxUnreadBytes = 256 * 1024;

/** The source of `readable`: a message for each read, and a socket that waits for the reader. */
export class MessageSource implements UnderlyingSource<ReceivedMessage> {
  readonly #session: Session;
  #controller: ReadableStreamDefaultController<ReceivedMessage> | undefined;
  #unread: ReceivedMessage[] = [];
  #unreadBytes = 0;
  /** Whether a read waits for a message. */
  #wanted = false;
  #ended = false;

  constructor(session: Session) {
    this.#session = session;
  }

  start(controller: ReadableStreamDefaultController<ReceivedMessage>): void {
    this.#controller = controller;
  }

  pull(): void {
    const message = this.#unread.shift();
    if (message === undefined) {
      this.#wanted = true;
      return;
    }
    this.#unreadBytes -= message.length;
    // Reading on from half way keeps the peer sending while the reader works.
    if (this.#unread.length <= maxUnreadMessages / 2 && this.#unreadBytes <= maxUnreadBytes / 2) {
      this.#session.releaseReading(this);
    }
    this.#controller?.enqueue(message);
  }

  cancel(reason: unknown): void {
    this.#end();
    const { code, reason: text } = closeWishOf(reason);
    this.#session.close(code, text);
  }

  /** A message has come. */
  push(message: ReceivedMessage): void {
    if (this.#ended) return;
    if (this.#wanted) {
      this.#wanted = false;
      this.#controller?.enqueue(message);
      return;
    }
    this.#unread.push(message);
    this.#unreadBytes += message.length;
    if (this.#unread.length >= maxUnreadMessages || this.#unreadBytes >= maxUnreadBytes) {
      this.#session.holdReading(this);
    }
  }

  /** No more messages come: the reader gets what there is, and then the end. */
  close(): void {
    if (this.#ended) return;
    for (const message of this.#unread) this.#controller?.enqueue(message);
    this.#end();
    this.#controller?.close();
  }

  /** The connection broke. As any readable stream that fails, it forgets what nobody has read. */
  fail(error: unknown): void {
    if (this.#ended) return;
    this.#end();
    this.#controller?.error(error);
  }

  #end(): void {
    this.#ended = true;
    this.#unread = [];
    this.#unreadBytes = 0;
    this.#session.releaseReading(this);
  }
}
