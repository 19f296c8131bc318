import type { CloseStatus } from "./close-frame.js";
import type { Role } from "./role.js";

/**
 * What the closing handshake waits for:
 * - `none`: nobody has said goodbye;
 * - `close-frame`: ours is sent, the peer's is due;
 * - `peer-end`: both are through, and the server, our peer, closes the TCP connection first;
 * - `end`: both are through, and closing the TCP connection is up to us.
 */
export type ClosingStep = "none" | "close-frame" | "peer-end" | "end";

/** Who has said goodbye, and who waits for whom. [6455] 7.1 */
export class ClosingHandshake {
  readonly #role: Role;
  #sent = false;
  #received: CloseStatus | undefined;

  constructor(role: Role) {
    this.#role = role;
  }

  /** Our close frame has been written: nothing may follow it. */
  markSent(): void {
    this.#sent = true;
  }

  /** The peer's close frame has come: nothing it sends counts any more. */
  markReceived(status: CloseStatus): void {
    this.#received = status;
  }

  get sent(): boolean {
    return this.#sent;
  }

  /** What the peer's close frame said; `undefined` until it comes. */
  get received(): CloseStatus | undefined {
    return this.#received;
  }

  get step(): ClosingStep {
    if (!this.#sent) return "none";
    if (this.#received === undefined) return "close-frame";
    return this.#role === "server" ? "end" : "peer-end";
  }

  /** Whether both close frames have passed: an end from now on is a clean one. [6455] 7.1.4 */
  get complete(): boolean {
    return this.#sent && this.#received !== undefined;
  }
}
