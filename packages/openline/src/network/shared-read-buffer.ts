import { Socket, type SocketConstructorOpts } from "node:net";
import type { Duplex } from "node:stream";
import type { Bytes } from "../protocol/buffer.js";
import { readMemory, readSize } from "../protocol/read-memory.js";

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
  shared ??= { buffer: readMemory(), callback: onRead };
  return shared;
}

function onRead(
  this: Duplex & { [receiverOf]?: LentPacketReceiver },
  length: number,
  buffer: Bytes,
): boolean {
  const bytes = length === readSize ? buffer : (buffer.subarray(0, length) as Bytes);
  const receiver = this[receiverOf];
  if (receiver !== undefined) receiver.receivedLent(bytes);
  // Whoever reads the socket as a stream, as the opening handshake does, gets memory to keep.
  else this.emit("data", Buffer.from(bytes));
  return true;
}

/** The properties in which a socket of Node's keeps its option `onread`; they have no public names. */
interface OnReadProperties {
  readonly buffer: symbol;
  readonly callback: symbol;
}

let found: OnReadProperties | false | undefined;

/** Finds them by what they hold. */
function findOnReadProperties(): OnReadProperties | false {
  const reads = sharedReads();
  const socket = new Socket({ onread: reads } as SocketConstructorOpts);
  const symbols = Object.getOwnPropertySymbols(socket);
  const holding = (value: unknown) => symbols.find((symbol) => Reflect.get(socket, symbol) === value);
  const buffer = holding(reads.buffer);
  const callback = holding(reads.callback);
  return buffer !== undefined && callback !== undefined && { buffer, callback };
}

/**
 * Has a socket that a server has accepted read into the shared buffer as well, which Node offers for sockets of clients
 * only: memory of its own for each packet costs 1 µs of the 8 that an echo takes, most of it in the garbage collector.
 * Where Node doesn't work as expected, the socket stays as it is.
 */
export function shareReads(socket: Socket): void {
  found ??= findOnReadProperties();
  // One that is there has been chosen by us or by the program.
  if (found === false || Reflect.get(socket, found.buffer) !== null) return;
  const handle: unknown = Reflect.get(socket, "_handle");
  if (typeof handle !== "object" || handle === null || !("useUserBuffer" in handle)) return;
  if (typeof handle.useUserBuffer !== "function") return;
  const reads = sharedReads();
  Object.assign(socket, { [found.buffer]: reads.buffer, [found.callback]: reads.callback });
  handle.useUserBuffer(reads.buffer);
}
