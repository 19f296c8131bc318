import { isAsciiText } from "./ascii.js";
import { type Bytes, wordsOf } from "./buffer.js";
import { mask } from "./masking.js";

/** What is done to many bytes of a stretch of memory at a time. Positions count from its first byte. */
export interface ByteMemory {
  /** Masks or unmasks `[start, end)` in place; the key's lowest byte falls on the first. [6455] 5.3 */
  mask(start: number, end: number, key: number): void;
  /** Whether all of `[start, end)` is below 0x80. */
  isAscii(start: number, end: number): boolean;
}

/** Any memory: loops that take four bytes at a time. */
export class LoopMemory implements ByteMemory {
  readonly #bytes: Bytes;
  readonly #words: Int32Array;

  constructor(bytes: Bytes) {
    this.#bytes = bytes;
    this.#words = wordsOf(bytes);
  }

  mask(start: number, end: number, key: number): void {
    mask(this.#bytes, this.#words, start, end, key);
  }

  isAscii(start: number, end: number): boolean {
    return isAsciiText(this.#bytes, this.#words, start, end);
  }
}
