import type { Clock, SendData } from "./environment.js";
import type { Settings } from "./options.js";
import { byteLength, snapshot } from "./outgoing-message.js";

/** Why messages will not arrive, or may not have. */
export type LossReason = "connection" | "deadline" | "limit" | "closed";

type Limits = Pick<Settings, "maxQueuedMessages" | "maxQueuedBytes" | "overflow">;

interface Waiting {
  readonly message: SendData;
  readonly bytes: number;
  readonly stopDeadline: () => void;
}

/** Messages that wait for the line. */
export class SendQueue {
  readonly #limits: Limits;
  readonly #clock: Clock;
  readonly #onLost: (reason: LossReason, messages: SendData[]) => void;
  /** A Set keeps the order, and lets one in the middle go. */
  readonly #waiting = new Set<Waiting>();
  bytes = 0;

  constructor(limits: Limits, clock: Clock, onLost: (reason: LossReason, messages: SendData[]) => void) {
    this.#limits = limits;
    this.#clock = clock;
    this.#onLost = onLost;
  }

  /** @throws DOMException QuotaExceededError at the limit, if that was chosen. */
  push(message: SendData, deadline: number): void {
    const { maxQueuedMessages, maxQueuedBytes, overflow } = this.#limits;
    const waiting: Waiting = {
      message: snapshot(message),
      bytes: byteLength(message),
      stopDeadline: this.#clock.after(deadline, () => this.#onLost("deadline", [this.#remove(waiting)])),
    };
    const dropped: SendData[] = [];
    const drop = (which: Waiting) => {
      if (this.#waiting.size > maxQueuedMessages || this.bytes > maxQueuedBytes)
        dropped.push(this.#remove(which));
    };
    this.#waiting.add(waiting);
    this.bytes += waiting.bytes;
    if (overflow === "drop-oldest") this.#waiting.forEach(drop);
    else drop(waiting);
    if (overflow === "throw" && dropped.length > 0) {
      throw new DOMException(`${this.bytes} bytes wait already`, "QuotaExceededError");
    }
    // No event comes within a call of `send`.
    queueMicrotask(() => this.#onLost("limit", dropped));
  }

  /** Hands the messages out, one by one, as long as they are asked for. */
  *take(): Iterable<SendData> {
    for (const waiting of this.#waiting) yield this.#remove(waiting);
  }

  #remove(waiting: Waiting): SendData {
    waiting.stopDeadline();
    this.#waiting.delete(waiting);
    this.bytes -= waiting.bytes;
    return waiting.message;
  }
}
