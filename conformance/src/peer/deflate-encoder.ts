import { DISTANCES, LENGTHS, type SymbolRange } from "./deflate-tables.js";

const WINDOW = 32768;

/**
 * Compresses messages for permessage-deflate with one block of fixed codes each. Unlike zlib it can keep to a window
 * of 256 bytes, and it says whether a message refers back to an earlier one. [7692] 7.2.1
 */
export class DeflateEncoder {
  readonly #reach: number;
  readonly #contextTakeover: boolean;
  #history = Buffer.alloc(0);
  /** Whether the last message contained a reference to bytes of an earlier one. */
  referredBack = false;

  constructor(windowBits: number, contextTakeover: boolean) {
    this.#reach = 2 ** windowBits;
    this.#contextTakeover = contextTakeover;
  }

  /** The compressed message, without the `00 00 ff ff` that ends it. */
  compress(data: Uint8Array): Buffer {
    const start = this.#history.length;
    const bytes = Buffer.concat([this.#history, data]);
    const out = new BitWriter(bytes.length);
    const seen = new Map<number, number>();
    const remember = (at: number): void => {
      if (at + 2 < bytes.length) seen.set(bytes.readUIntBE(at, 3), at);
    };
    for (let at = 0; at < start; at++) remember(at);

    this.referredBack = false;
    out.bits(0b010, 3); // not the last block, fixed codes
    for (let at = start; at < bytes.length; ) {
      const from = at + 2 < bytes.length ? seen.get(bytes.readUIntBE(at, 3)) : undefined;
      if (from === undefined || at - from > this.#reach) {
        literal(out, bytes[at] ?? 0);
        remember(at++);
        continue;
      }
      let length = 3;
      while (length < 258 && at + length < bytes.length && bytes[from + length] === bytes[at + length])
        length++;
      reference(out, length, at - from);
      if (from < start) this.referredBack = true;
      for (const end = at + length; at < end; at++) remember(at);
    }
    literal(out, 256);
    out.bits(0b000, 3); // the empty stored block whose four bytes are left out
    if (this.#contextTakeover) this.#history = bytes.subarray(-WINDOW);
    return out.finish();
  }
}

class BitWriter {
  #out: Buffer;
  #size = 0;
  #held = 0;
  #heldBits = 0;

  constructor(sizeHint: number) {
    this.#out = Buffer.alloc(sizeHint * 2 + 64);
  }

  /** Lowest bit first. */
  bits(value: number, count: number): void {
    this.#held |= value << this.#heldBits;
    this.#heldBits += count;
    while (this.#heldBits >= 8) {
      this.#out[this.#size++] = this.#held & 0xff;
      this.#held >>>= 8;
      this.#heldBits -= 8;
    }
  }

  /** Huffman codes go highest bit first. */
  code(value: number, count: number): void {
    for (let bit = count - 1; bit >= 0; bit--) this.bits((value >> bit) & 1, 1);
  }

  finish(): Buffer {
    if (this.#heldBits > 0) this.bits(0, 8 - this.#heldBits);
    return this.#out.subarray(0, this.#size);
  }
}

function literal(out: BitWriter, symbol: number): void {
  if (symbol < 144) out.code(0x30 + symbol, 8);
  else if (symbol < 256) out.code(0x190 + symbol - 144, 9);
  else if (symbol < 280) out.code(symbol - 256, 7);
  else out.code(0xc0 + symbol - 280, 8);
}

function reference(out: BitWriter, length: number, distance: number): void {
  const lengthSymbol = lastAtMost(LENGTHS, length);
  literal(out, 257 + lengthSymbol);
  extra(out, LENGTHS[lengthSymbol], length);
  const distanceSymbol = lastAtMost(DISTANCES, distance);
  out.code(distanceSymbol, 5);
  extra(out, DISTANCES[distanceSymbol], distance);
}

function lastAtMost(ranges: readonly SymbolRange[], value: number): number {
  return ranges.findLastIndex((range) => range.base <= value);
}

function extra(out: BitWriter, range: SymbolRange | undefined, value: number): void {
  if (range !== undefined) out.bits(value - range.base, range.extraBits);
}
