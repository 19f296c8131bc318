import type { SendData } from "./environment.js";
import { snapshot } from "./outgoing-message.js";

/**
 * What has been given to a connection and is not known to have arrived. Nothing but an answer that the peer gave later
 * proves that a message did.
 */
export class SentLedger {
  readonly #most: number;
  /** The latest of the unconfirmed messages, if they are kept. */
  readonly messages: SendData[] = [];
  #sent = 0;
  #confirmed = 0;

  /** @param most how many messages are kept to be shown. The count stays right beyond it. */
  constructor(most: number) {
    this.#most = most;
  }

  get unconfirmed(): number {
    return this.#sent - this.#confirmed;
  }

  add(message: SendData): void {
    this.#sent++;
    if (this.#most > 0) this.messages.push(snapshot(message));
    this.#keep(this.#most);
  }

  /** @returns to be called once a question that is asked now has been answered. */
  mark(): () => void {
    const sent = this.#sent;
    return () => {
      this.#confirmed = Math.max(this.#confirmed, sent);
      this.#keep(this.unconfirmed);
    };
  }

  #keep(most: number): void {
    this.messages.splice(0, this.messages.length - most);
  }
}
