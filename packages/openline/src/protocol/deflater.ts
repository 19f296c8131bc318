import { constants, deflateRawSync } from "node:zlib";
import { BlockWriter } from "./block-writer.js";
import { type Effort, Lz77 } from "./lz77.js";

/** What is taken off the end of each message is 00 00 FF FF. [7692] 7.2.1 */
const TAIL_LENGTH = 4;

/** What zlib writes into: too large for Node's pool, so that it is the result's own memory. */
const MIN_CHUNK = 32 * 1024;
const MAX_CHUNK = 256 * 1024;

/** zlib makes no raw stream for a window of 8 bits. */
const ZLIB_MIN_WINDOW_BITS = 9;
/**
 * Message size from which on zlib is faster, set-up included. JSON, our own beside zlib with 4 KiB of history: 300 bytes
 * in 4 and 15 µs, 1 KiB in 21 and 21, 2 KiB in 42 and 31, 8 KiB in 130 and 90.
 */
export const ZLIB_FROM = 2 * 1024;

/**
 * What is kept of a connection's messages while others send: a compressor may forget what it likes. Of JSON of 300
 * bytes, 4 KiB leave 27%; the 16 to 32 KiB in reach while no other connection sends, 24%; zlib's 256 KiB, 23%.
 */
const MAX_HISTORY = 4 * 1024;

/** Levels 1 to 3, 4 to 7 and the default, 8 and 9. */
const FAST: Effort = { chain: 4, lazy: 0 };
const NORMAL: Effort = { chain: 12, lazy: 16 };
const BEST: Effort = { chain: 64, lazy: 64 };

const lz77 = new Lz77();
const blocks = new BlockWriter();
/** Whose messages are the text that `lz77` holds. */
let current: Deflater | null = null;

/** Compresses the messages of one connection, one after another, in the calling turn. [7692] 7.2.1 */
export class Deflater {
  readonly #windowBits: number;
  readonly #contextTakeover: boolean;
  readonly #level: number;
  readonly #memLevel: number;
  readonly #effort: Effort;
  /** The end of the earlier messages, while `lz77` doesn't hold them. */
  #history: Uint8Array | null = null;

  constructor(options: { windowBits: number; contextTakeover: boolean; level: number; memLevel: number }) {
    this.#windowBits = options.windowBits;
    this.#contextTakeover = options.contextTakeover;
    this.#level = options.level;
    this.#memLevel = options.memLevel;
    this.#effort = options.level < 0 ? NORMAL : options.level < 4 ? FAST : options.level < 8 ? NORMAL : BEST;
  }

  /**
   * Compresses the message `source[start..end)`. The result is a view, from byte 0 of its `ArrayBuffer` on, that holds
   * until any Deflater's next call.
   */
  deflate(source: Uint8Array, start: number, end: number): Uint8Array {
    const length = end - start;
    if (this.#level !== 0 && length >= ZLIB_FROM && this.#windowBits >= ZLIB_MIN_WINDOW_BITS) {
      return this.#deflateByZlib(source, start, end);
    }
    blocks.start();
    if (this.#level === 0) {
      blocks.writeStored(source, start, end);
    } else if (length > 0) {
      this.#take();
      const maxDistance = 1 << this.#windowBits;
      for (let from = start; from < end; from += Lz77.MAX_RUN) {
        const to = Math.min(end, from + Lz77.MAX_RUN);
        const first = lz77.run(source, from, to, maxDistance, this.#effort);
        blocks.write(lz77.tokens, lz77.tokenCount, lz77.text, first, lz77.length);
      }
    }
    return blocks.finish();
  }

  /** Less time than our own for a large message, and the level to the letter. */
  #deflateByZlib(source: Uint8Array, start: number, end: number): Uint8Array {
    if (current === this) {
      this.#leave();
      current = null;
    }
    const history = this.#history;
    const deflated = deflateRawSync(source.subarray(start, end), {
      level: this.#level,
      memLevel: this.#memLevel,
      windowBits: this.#windowBits,
      finishFlush: constants.Z_SYNC_FLUSH,
      chunkSize: Math.min(Math.max(MIN_CHUNK, (end - start) >> 1), MAX_CHUNK),
      ...(history !== null ? { dictionary: history } : null),
    });
    if (this.#contextTakeover) this.#keep(source, Math.max(start, end - this.#maxHistory), end);
    return deflated.subarray(0, deflated.length - TAIL_LENGTH);
  }

  get #maxHistory(): number {
    return Math.min(MAX_HISTORY, 1 << this.#windowBits);
  }

  /** Makes this connection's history the text of `lz77`. */
  #take(): void {
    if (current === this && this.#contextTakeover) return;
    if (current !== null && current !== this) current.#leave();
    current = this;
    lz77.restart(this.#history);
  }

  /** Takes the history out of `lz77`. */
  #leave(): void {
    if (this.#contextTakeover)
      this.#keep(lz77.text, Math.max(0, lz77.length - this.#maxHistory), lz77.length);
  }

  #keep(source: Uint8Array, start: number, end: number): void {
    const length = end - start;
    if (this.#history === null || this.#history.length !== length) this.#history = new Uint8Array(length);
    this.#history.set(source.subarray(start, end));
  }
}
