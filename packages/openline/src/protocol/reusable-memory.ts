import { allocate, type Bytes } from "./buffer.js";

/** Room for a packet, or for a text of 64 KiB in several of them. */
const pieceSize = 256 * 1024;
const maxSpares = 4;
const spares: Bytes[] = [];

/**
 * Memory of at least `size` bytes for what is copied out of a packet and read soon. Fresh memory would be cold, and the
 * garbage collector's business: a flood of small messages is 8 % slower with it, one of texts of 64 KiB 40 %.
 */
export function takeMemory(size: number): Bytes {
  return size > pieceSize ? allocate(size) : (spares.pop() ?? allocate(pieceSize));
}

/** Gives memory back, once nobody reads it any more. */
export function giveMemoryBack(memory: Bytes): void {
  if (memory.length === pieceSize && spares.length < maxSpares) spares.push(memory);
}
