import type { SendData } from "./environment.js";
import type { QueueOptions } from "./options.js";
import { byteLength, snapshot } from "./outgoing-message.js";
import type { Timers } from "./timers.js";

/** Why messages will not arrive, or may not have. */
export type LossReason = "connection" | "deadline" | "limit" | "closed";

interface Waiting {
  readonly message: SendData;
  readonly bytes: number;
  readonly stopDeadline: () => void;
}

/** Messages that wait for the line. A Set keeps their order and lets one in the middle go. */
export class SendQueue {
  readonly #limits: Required<QueueOptions>;
  readonly #timers: Timers;
  readonly #onLost: (messages: SendData[], reason: LossReason) => void;
  readonly #waiting = new Set<Waiting>();
  bytes = 0;

  constructor(
    limits: Required<QueueOptions>,
    timers: Timers,
    onLost: (messages: SendData[], reason: LossReason) => void,
  ) {
    this.#limits = limits;
    this.#timers = timers;
    this.#onLost = onLost;
  }

  /** @throws DOMException QuotaExceededError at the limit, if that was chosen. */
  push(message: SendData, deadline: number): void {
    const { maxMessages, maxBytes, overflow } = this.#limits;
    const bytes = byteLength(message);
    const isFull = () => this.#waiting.size >= maxMessages || this.bytes + bytes > maxBytes;
    const dropped: SendData[] = [];
    if (overflow === "drop-oldest") while (isFull() && this.#waiting.size > 0) dropped.push(...this.#take());
    if (isFull()) {
      if (overflow === "throw") {
        throw new DOMException(
          `${this.#waiting.size} messages of ${this.bytes} bytes wait for the line, and one of ${bytes} bytes is too much`,
          "QuotaExceededError",
        );
      }
      dropped.push(message);
    } else {
      const waiting: Waiting = {
        message: snapshot(message),
        bytes,
        stopDeadline: this.#timers.start(deadline, () => {
          this.#remove(waiting);
          this.#onLost([waiting.message], "deadline");
        }),
      };
      this.#waiting.add(waiting);
      this.bytes += bytes;
    }
    if (dropped.length > 0) this.#onLost(dropped, "limit");
  }

  /** The next message, if there is one. */
  shift(): SendData | undefined {
    return this.#take()[0];
  }

  /** Empties the queue for good. */
  clear(): void {
    const messages = Array.from(this.#waiting, ({ message }) => message);
    for (const waiting of this.#waiting) this.#remove(waiting);
    if (messages.length > 0) this.#onLost(messages, "closed");
  }

  #take(): SendData[] {
    for (const waiting of this.#waiting) {
      this.#remove(waiting);
      return [waiting.message];
    }
    return [];
  }

  #remove(waiting: Waiting): void {
    waiting.stopDeadline();
    this.#waiting.delete(waiting);
    this.bytes -= waiting.bytes;
  }
}
