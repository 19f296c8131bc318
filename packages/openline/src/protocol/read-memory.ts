import { allocate, type Bytes } from "./buffer.js";
import { type ByteMemory, LoopMemory } from "./byte-memory.js";
import { takeSimdMemory } from "./simd-memory.js";

/** As much as Node reads at a time. */
export const readSize = 64 * 1024;

let bytes: Bytes | undefined;
let memory: ByteMemory | undefined;

/** The one stretch of memory that all sockets are read into, where there can be with SIMD. */
export function readMemory(): Bytes {
  if (bytes === undefined) {
    const part = takeSimdMemory(readSize);
    bytes = part?.bytes ?? allocate(readSize);
    memory = part ?? new LoopMemory(bytes);
  }
  return bytes;
}

/** The memory in which a packet lies. */
export function memoryOf(packet: Bytes): ByteMemory {
  const isRead = packet.buffer === bytes?.buffer && packet.byteOffset === bytes.byteOffset;
  return isRead && memory !== undefined ? memory : new LoopMemory(packet);
}
