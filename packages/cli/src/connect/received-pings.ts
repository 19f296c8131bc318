import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { connectionInfo, type FrameTrace, type WebSocket } from "openline";

const pingOpcode = 9;
const firstControlOpcode = 8;

/**
 * Pings that come in, which the object doesn't tell of. Traces come before the object's events: a ping is told when the
 * messages before it have been. All clients of this process are the command's.
 */
export class ReceivedPings {
  readonly #listener: (payload: Uint8Array) => void;
  #id = 0;
  #isOpen = false;
  /** Messages that have come in on this connection, and those among them that the object has told of. */
  #arrived = 0;
  #told = 0;
  #waiting: { readonly after: number; readonly payload: Uint8Array }[] = [];

  constructor(listener: (payload: Uint8Array) => void) {
    this.#listener = listener;
    subscribe("openline:frame", this.#onFrame);
  }

  /** The object has told that it is open. */
  opened(connection: WebSocket): void {
    this.#begin(connectionInfo(connection).id);
    this.#isOpen = true;
    this.#tell();
  }

  /** The object has told of a message. */
  messageTold(): void {
    this.#told += 1;
    this.#tell();
  }

  stop(): void {
    unsubscribe("openline:frame", this.#onFrame);
  }

  #begin(id: number): void {
    if (id === this.#id) return;
    this.#id = id;
    this.#isOpen = false;
    this.#arrived = 0;
    this.#told = 0;
    this.#waiting = [];
  }

  #tell(): void {
    while (this.#isOpen) {
      const [next] = this.#waiting;
      if (next === undefined || next.after > this.#told) return;
      this.#waiting.shift();
      this.#listener(next.payload);
    }
  }

  readonly #onFrame = (message: unknown): void => {
    const { id, direction, opcode, payload } = message as FrameTrace;
    if (direction !== "received") return;
    this.#begin(id);
    if (opcode < firstControlOpcode && payload !== undefined) this.#arrived += 1;
    if (opcode !== pingOpcode) return;
    this.#waiting.push({ after: this.#arrived, payload: copyOf(payload) });
    this.#tell();
  };
}

function copyOf(payload: FrameTrace["payload"]): Uint8Array {
  if (!ArrayBuffer.isView(payload)) return new Uint8Array();
  return new Uint8Array(payload.buffer, payload.byteOffset, payload.byteLength).slice();
}
