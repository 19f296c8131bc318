import type { SendData } from "./environment.js";
import { snapshot } from "./outgoing-message.js";

/**
 * What has been given to a connection and is not known to have arrived. Nothing but an answer that the peer gave later
 * proves that a message did.
 */
export interface SentLedger {
  unconfirmed(): number;
  /** The latest of the unconfirmed messages, if they are kept. */
  readonly messages: readonly SendData[];
  add(message: SendData): void;
  /** @returns to be called once a question that is asked now has been answered. Answers come in the questions' order. */
  mark(): () => void;
}

/** @param most how many messages are kept to be shown. The count stays right beyond it. */
export function createSentLedger(most = 0): SentLedger {
  const messages: SendData[] = [];
  let sent = 0;
  let confirmed = 0;
  const unconfirmed = () => sent - confirmed;
  const keep = (count: number) => messages.splice(0, messages.length - count);

  return {
    messages,
    unconfirmed,
    add(message) {
      sent++;
      if (most > 0) messages.push(snapshot(message));
      keep(most);
    },
    mark() {
      const before = sent;
      return () => {
        confirmed = before;
        keep(unconfirmed());
      };
    },
  };
}
