import type { Socket } from "node:net";
import type { Bytes } from "../protocol/buffer.js";

/** As much as Node reads at a time. */
const size = 64 * 1024;

/**
 * What all our sockets are read into, one packet after the other. Memory of its own for each packet, as streams have it,
 * costs 5 µs for 64 KiB, most of it to bring cold memory into the processor's cache.
 */
let buffer: Bytes | undefined;

/** Takes packets as they lie in memory that is only lent, and holds until the call returns. */
export interface LentPacketReceiver {
  receivedLent(bytes: Bytes): void;
}

/** Reads a socket into the shared buffer. Made before the socket, whose option `onread` it is. */
export class SharedReads {
  readonly onread: { readonly buffer: Bytes; readonly callback: (length: number) => boolean };
  #socket: Socket | undefined;
  #receiver: LentPacketReceiver | undefined;

  constructor() {
    buffer ??= Buffer.allocUnsafeSlow(size) as Bytes;
    const shared = buffer;
    this.onread = {
      buffer: shared,
      callback: (length) => {
        const bytes = length === size ? shared : (shared.subarray(0, length) as Bytes);
        if (this.#receiver !== undefined) this.#receiver.receivedLent(bytes);
        // Whoever reads the socket as a stream, as Node's HTTP client does, gets memory to keep.
        else this.#socket?.emit("data", Buffer.from(bytes));
        return true;
      },
    };
  }

  /** The socket that was made with `onread`. */
  attach<S extends Socket>(socket: S): S {
    this.#socket = socket;
    readsOf.set(socket, this);
    return socket;
  }

  /** From now on packets go to `receiver`, and the socket is no stream to read from any more. */
  lendTo(receiver: LentPacketReceiver): void {
    this.#receiver = receiver;
  }
}

const readsOf = new WeakMap<object, SharedReads>();

/** How `socket` is read, if it is into the shared buffer. */
export function sharedReadsOf(socket: object): SharedReads | undefined {
  return readsOf.get(socket);
}
