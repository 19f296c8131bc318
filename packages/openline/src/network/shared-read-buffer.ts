import type { Duplex } from "node:stream";
import type { Bytes } from "../protocol/buffer.js";

/** As much as Node reads at a time. */
const size = 64 * 1024;

/** Takes packets as they lie in memory that is only lent, and holds until the call returns. */
export interface LentPacketReceiver {
  receivedLent(bytes: Bytes): void;
}

/** Who reads a socket. A property of the socket: a closure for each would be 200 bytes a connection. */
export const receiverOf = Symbol("openline.receiver");

/** The option `onread` of a socket. */
interface SharedReads {
  readonly buffer: Bytes;
  callback(length: number, buffer: Bytes): boolean;
}

let shared: SharedReads | undefined;

/**
 * The option `onread` for all our sockets, which are read into one buffer, one packet after the other. Memory of its own
 * for each packet, as streams have it, costs 5 µs for 64 KiB, most of it to bring cold memory into the processor's cache.
 */
export function sharedReads(): SharedReads {
  shared ??= { buffer: Buffer.allocUnsafeSlow(size) as Bytes, callback: onRead };
  return shared;
}

function onRead(
  this: Duplex & { [receiverOf]?: LentPacketReceiver },
  length: number,
  buffer: Bytes,
): boolean {
  const bytes = length === size ? buffer : (buffer.subarray(0, length) as Bytes);
  const receiver = this[receiverOf];
  if (receiver !== undefined) receiver.receivedLent(bytes);
  // Whoever reads the socket as a stream, as the opening handshake does, gets memory to keep.
  else this.emit("data", Buffer.from(bytes));
  return true;
}
