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
export interface SendQueue {
  bytes(): number;
  /** @throws DOMException QuotaExceededError at the limit, if that was chosen. */
  push(message: SendData, deadline: number): void;
  /** Hands the messages out, one by one, as long as they are asked for. */
  take(): Iterable<SendData>;
}

export function createSendQueue(
  { maxQueuedMessages, maxQueuedBytes, overflow }: Limits,
  clock: Clock,
  onLost: (reason: LossReason, messages: SendData[]) => void,
): SendQueue {
  /** A Set keeps the order, and lets one in the middle go. */
  const queue = new Set<Waiting>();
  let bytes = 0;

  const remove = (waiting: Waiting): SendData => {
    waiting.stopDeadline();
    queue.delete(waiting);
    bytes -= waiting.bytes;
    return waiting.message;
  };

  return {
    bytes: () => bytes,

    push(message, deadline) {
      const waiting: Waiting = {
        message: snapshot(message),
        bytes: byteLength(message),
        stopDeadline: clock.after(deadline, () => onLost("deadline", [remove(waiting)])),
      };
      const dropped: SendData[] = [];
      const drop = (which: Waiting) => {
        if (queue.size > maxQueuedMessages || bytes > maxQueuedBytes) dropped.push(remove(which));
      };
      queue.add(waiting);
      bytes += waiting.bytes;
      if (overflow === "drop-oldest") queue.forEach(drop);
      else drop(waiting);
      if (overflow === "throw" && dropped.length > 0) {
        throw new DOMException(`${bytes} bytes wait already`, "QuotaExceededError");
      }
      // No event comes within a call of `send`.
      queueMicrotask(() => onLost("limit", dropped));
    },

    *take() {
      for (const waiting of queue) yield remove(waiting);
    },
  };
}
