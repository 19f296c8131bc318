import type { SendData } from "./environment.js";
import { snapshot } from "./outgoing-message.js";

/**
 * What has been given to a connection and is not known to have arrived. Nothing but an answer that the peer gave later
 * proves that a message did.
 */
export class SentLedger {
  /** Most messages that are kept: the count stays right beyond it. */
  readonly #most: number;
  #kept: SendData[] = [];
  #sent = 0;
  #confirmed = 0;

  /** @param most how many messages are kept to be shown. */
  constructor(most: number) {
    this.#most = most;
  }

  get unconfirmed(): number {
    return this.#sent - this.#confirmed;
  }

  /** The latest of the unconfirmed messages. */
  get messages(): SendData[] {
    return this.#kept;
  }

  add(message: SendData): void {
    this.#sent++;
    if (this.#most === 0) return;
    this.#kept.push(snapshot(message));
    if (this.#kept.length > this.#most) this.#kept.shift();
  }

  /** @returns to be called once a question that is asked now has been answered. */
  mark(): () => void {
    const sent = this.#sent;
    return () => {
      this.#confirmed = Math.max(this.#confirmed, sent);
      this.#kept = this.unconfirmed === 0 ? [] : this.#kept.slice(-this.unconfirmed);
    };
  }
}
