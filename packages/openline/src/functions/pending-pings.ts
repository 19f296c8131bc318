import type { Bytes } from "../protocol/buffer.js";

interface PendingPing {
  readonly payload: Bytes;
  readonly sent: number;
  readonly resolve: (milliseconds: number) => void;
  readonly reject: (error: Error) => void;
}

/** Pings that wait for their pongs. [6455] 5.5.2, 5.5.3 */
export class PendingPings {
  readonly #pings: PendingPing[] = [];

  /** Gives the milliseconds until `answered` gets the pong. */
  add(payload: Bytes): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#pings.push({ payload, sent: performance.now(), resolve, reject });
    });
  }

  /** A pong answers the ping with the same payload, and all before it: a peer may answer only the latest. */
  answered(payload: Bytes): void {
    const index = this.#pings.findIndex((ping) => ping.payload.equals(payload));
    const now = performance.now();
    for (const { sent, resolve } of this.#pings.splice(0, index + 1)) resolve(now - sent);
  }

  /** The connection is over: no pong will come. */
  fail(error: Error): void {
    for (const { reject } of this.#pings.splice(0)) reject(error);
  }
}
