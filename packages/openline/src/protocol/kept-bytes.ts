import { allocate, type Bytes } from "./buffer.js";

/** As large as the packets that come from the network. */
const pieceSize = 64 * 1024;
const maxSpares = 4;
const spares: Bytes[] = [];

/**
 * A copy of bytes that are only lent, in memory that has been used before: a flood of small messages, of which only so
 * many may wait, keeps the rest of each packet (fresh memory for it: 8 % slower at 64 bytes a message).
 */
export function keepBytes(bytes: Bytes): Bytes {
  const memory = bytes.length > pieceSize ? allocate(bytes.length) : (spares.pop() ?? allocate(pieceSize));
  bytes.copy(memory);
  return memory;
}

/** Gives the memory back, once nobody reads it any more. */
export function giveBack(memory: Bytes): void {
  if (memory.length === pieceSize && spares.length < maxSpares) spares.push(memory);
}
