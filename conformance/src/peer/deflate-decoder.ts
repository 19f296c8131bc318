import { DISTANCES, FIXED_DISTANCE_BITS, FIXED_LITERAL_BITS, LENGTHS } from "./deflate-tables.js";

const WINDOW = 32768;
const CODE_LENGTH_ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

/**
 * Reads what an endpoint compressed, and refuses what zlib would let pass: references that reach further back than
 * the negotiated window, or past a message where there is no context takeover. RFC 1951; [7692] 7.2.2
 */
export class DeflateDecoder {
  readonly #reach: number;
  readonly #contextTakeover: boolean;
  #history = Buffer.alloc(0);
  /** Whether the last message contained a reference to bytes of an earlier one. */
  referredBack = false;

  constructor(windowBits: number, contextTakeover: boolean) {
    this.#reach = 2 ** windowBits;
    this.#contextTakeover = contextTakeover;
  }

  decompress(message: Uint8Array): Buffer {
    const input = new BitReader(Buffer.concat([message, Buffer.of(0, 0, 0xff, 0xff)]));
    const start = this.#history.length;
    const output = new Output(this.#history);
    let last = false;
    while (!last && input.left > 8) {
      last = input.bits(1) === 1;
      const type = input.bits(2);
      if (type === 0) stored(input, output);
      else if (type === 1) this.#block(input, output, start, FIXED_LITERALS, FIXED_DISTANCES);
      else if (type === 2) this.#block(input, output, start, ...dynamicCodes(input));
      else throw new Error("compressed with a reserved block type");
    }
    const bytes = output.bytes();
    if (this.#contextTakeover) this.#history = Buffer.from(bytes.subarray(-WINDOW));
    this.referredBack = output.referredBack;
    return Buffer.from(bytes.subarray(start));
  }

  #block(input: BitReader, output: Output, start: number, literals: Codes, distances: Codes): void {
    for (;;) {
      const symbol = literals.read(input);
      if (symbol === 256) return;
      if (symbol < 256) {
        output.byte(symbol);
        continue;
      }
      const length = inRange(input, LENGTHS[symbol - 257]);
      const distance = inRange(input, DISTANCES[distances.read(input)]);
      if (distance > this.#reach)
        throw new Error(`compressed with a distance of ${distance}, window ${this.#reach}`);
      output.copy(length, distance, start);
    }
  }
}

class BitReader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get left(): number {
    return this.#bytes.length * 8 - this.#at;
  }

  bits(count: number): number {
    if (count > this.left) throw new Error("compressed data ends too early");
    let value = 0;
    for (let i = 0; i < count; i++, this.#at++) {
      value |= (((this.#bytes[this.#at >> 3] ?? 0) >> (this.#at & 7)) & 1) << i;
    }
    return value;
  }

  /** From the next whole byte on. */
  take(size: number): Buffer {
    const from = (this.#at + 7) >> 3;
    if (from + size > this.#bytes.length) throw new Error("compressed data ends too early");
    this.#at = (from + size) * 8;
    return this.#bytes.subarray(from, from + size);
  }
}

class Output {
  #bytes: Buffer;
  #size: number;
  referredBack = false;

  constructor(history: Buffer) {
    this.#bytes = Buffer.alloc(history.length + 4096);
    this.#size = history.copy(this.#bytes);
  }

  byte(value: number): void {
    if (this.#size === this.#bytes.length)
      this.#bytes = Buffer.concat([this.#bytes, Buffer.alloc(this.#size)]);
    this.#bytes[this.#size++] = value;
  }

  copy(length: number, distance: number, messageStart: number): void {
    if (distance > this.#size) throw new Error("compressed with a reference to before the first byte");
    if (this.#size - distance < messageStart) this.referredBack = true;
    for (let i = 0; i < length; i++) this.byte(this.#bytes[this.#size - distance] ?? 0);
  }

  bytes(): Buffer {
    return this.#bytes.subarray(0, this.#size);
  }
}

/** A canonical Huffman code, read bit by bit. RFC 1951, 3.2.2 */
class Codes {
  readonly #symbols = new Map<number, number>();

  constructor(lengths: readonly number[]) {
    let code = 0;
    for (let bits = 1; bits <= 15; bits++) {
      lengths.forEach((length, symbol) => {
        if (length === bits) this.#symbols.set((1 << bits) | code++, symbol);
      });
      code <<= 1;
    }
  }

  read(input: BitReader): number {
    // The leading 1 tells codes of different lengths apart.
    for (let bits = 1, code = 1; bits <= 15; bits++) {
      code = (code << 1) | input.bits(1);
      const symbol = this.#symbols.get(code);
      if (symbol !== undefined) return symbol;
    }
    throw new Error("compressed with an unknown code");
  }
}

const FIXED_LITERALS = new Codes(FIXED_LITERAL_BITS);
const FIXED_DISTANCES = new Codes(FIXED_DISTANCE_BITS);

function inRange(input: BitReader, range: (typeof LENGTHS)[number] | undefined): number {
  if (range === undefined) throw new Error("compressed with a reserved symbol");
  return range.base + input.bits(range.extraBits);
}

function stored(input: BitReader, output: Output): void {
  const sizes = input.take(4);
  const size = sizes.readUInt16LE(0);
  if ((size ^ sizes.readUInt16LE(2)) !== 0xffff) throw new Error("stored block with a wrong length");
  for (const byte of input.take(size)) output.byte(byte);
}

function dynamicCodes(input: BitReader): [Codes, Codes] {
  const literals = input.bits(5) + 257;
  const distances = input.bits(5) + 1;
  const codeLengths = new Array<number>(19).fill(0);
  const count = input.bits(4) + 4;
  for (const symbol of CODE_LENGTH_ORDER.slice(0, count)) codeLengths[symbol] = input.bits(3);

  const codes = new Codes(codeLengths);
  const lengths: number[] = [];
  while (lengths.length < literals + distances) {
    const symbol = codes.read(input);
    if (symbol < 16) lengths.push(symbol);
    else {
      const repeated = symbol === 16 ? (lengths.at(-1) ?? 0) : 0;
      const times =
        symbol === 16 ? 3 + input.bits(2) : symbol === 17 ? 3 + input.bits(3) : 11 + input.bits(7);
      for (let i = 0; i < times; i++) lengths.push(repeated);
    }
  }
  return [new Codes(lengths.slice(0, literals)), new Codes(lengths.slice(literals, literals + distances))];
}
