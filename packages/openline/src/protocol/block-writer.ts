import { codeLengthFrequencies, extraBits, packedLengths, packLengths } from "./code-length-code.js";
import {
  CODE_LENGTH_ORDER,
  DISTANCE_BASE,
  DISTANCE_EXTRA_BITS,
  DISTANCE_SYMBOLS,
  END_OF_BLOCK_SYMBOL,
  FIXED_DISTANCE_LENGTHS,
  FIXED_LITERAL_LENGTHS,
  LENGTH_BASE,
  LENGTH_EXTRA_BITS,
  LITERAL_LENGTH_SYMBOLS,
  MAX_DISTANCE_CODES,
  MAX_LITERAL_LENGTH_CODES,
  MAX_MATCH,
} from "./deflate-alphabet.js";
import { MAX_CODEWORD_LENGTH } from "./huffman-code.js";
import { HuffmanCodewords } from "./huffman-codewords.js";
import { huffmanLengths } from "./huffman-lengths.js";

/**
 * A block of fewer tokens than this takes the fixed codes without a look at frequencies: it could hardly win back what
 * it costs to send codes of its own, and making them takes 5 µs.
 */
const DYNAMIC_FROM = 96;
const MAX_STORED = 65535;

const INITIAL_OUTPUT = 64 * 1024;
/** What is kept for the next message; more than that is left to the garbage collector. */
const KEPT_OUTPUT = 256 * 1024;

/** Match length → its symbol, less 257. */
const lengthSymbols = new Uint8Array(MAX_MATCH + 1);
LENGTH_BASE.forEach((base, i) => {
  // the next symbol's lengths are overwritten by the next symbol; 258 has one of its own
  lengthSymbols.fill(i, base);
});
/** Distance - 1 → its symbol, for distances up to 256; (distance - 1) >> 7, plus 256, for those above. */
const distanceSymbols = new Uint8Array(512);
DISTANCE_BASE.forEach((base, i) => {
  if (base <= 256) distanceSymbols.fill(i, base - 1, 256);
  distanceSymbols.fill(i, 256 + ((base - 1) >> 7));
});

function distanceSymbol(distance: number): number {
  return distanceSymbols[distance <= 256 ? distance - 1 : 256 + ((distance - 1) >> 7)] as number;
}

const fixedLiteralLengths = new HuffmanCodewords(LITERAL_LENGTH_SYMBOLS, FIXED_LITERAL_LENGTHS);
const fixedDistances = new HuffmanCodewords(DISTANCE_SYMBOLS, FIXED_DISTANCE_LENGTHS);
const literalLengths = new HuffmanCodewords(LITERAL_LENGTH_SYMBOLS);
const distances = new HuffmanCodewords(DISTANCE_SYMBOLS);
const codeLengths = new HuffmanCodewords(CODE_LENGTH_ORDER.length);

const literalLengthFrequencies = new Int32Array(LITERAL_LENGTH_SYMBOLS);
const distanceFrequencies = new Int32Array(DISTANCE_SYMBOLS);
/** Writes blocks, one after another, into its own memory. [1951] 3.2.3 */
export class BlockWriter {
  output: Buffer = Buffer.allocUnsafeSlow(INITIAL_OUTPUT);
  /** Whole bytes written. */
  length = 0;
  #view: DataView = new DataView(this.output.buffer);
  /** Fewer than 16 bits that are yet to be written. */
  #bits = 0;
  #bitCount = 0;

  start(): void {
    if (this.output.length > KEPT_OUTPUT) this.#replaceOutput(INITIAL_OUTPUT);
    this.length = 0;
    this.#bits = 0;
    this.#bitCount = 0;
  }

  /** Writes `text[start..end)`, which `tokens` stand for, as one block of the shortest type. */
  write(tokens: Int32Array, count: number, text: Uint8Array, start: number, end: number): void {
    this.#reserve(2 * (end - start) + 1024);
    const { length } = this;
    const bits = this.#bits;
    const bitCount = this.#bitCount;
    if (count < DYNAMIC_FROM || !this.#writeDynamic(tokens, count)) {
      this.#write(0b010, 3);
      this.#writeTokens(tokens, count, fixedLiteralLengths.codewords, fixedDistances.codewords);
    }
    if (this.length - length > end - start + 5) {
      this.length = length;
      this.#bits = bits;
      this.#bitCount = bitCount;
      this.writeStored(text, start, end);
    }
  }

  /** [1951] 3.2.4 */
  writeStored(source: Uint8Array, start: number, end: number): void {
    this.#reserve(end - start + 5 * Math.ceil((end - start) / MAX_STORED) + 8);
    for (let from = start; from < end; from += MAX_STORED) {
      const length = Math.min(MAX_STORED, end - from);
      this.#write(0, 3);
      this.#align();
      this.#view.setUint32(this.length, (length | (~length << 16)) >>> 0, true);
      this.output.set(source.subarray(from, from + length), this.length + 4);
      this.length += 4 + length;
    }
  }

  /** Ends a message with an empty stored block, less the four bytes that are not sent. [7692] 7.2.1 */
  finish(): Buffer {
    this.#reserve(8);
    this.#write(0, 3);
    this.#align();
    return this.output.subarray(0, this.length);
  }

  #write(bits: number, bitCount: number): void {
    this.#bits |= bits << this.#bitCount;
    this.#bitCount += bitCount;
    if (this.#bitCount >= 16) {
      this.#view.setUint16(this.length, this.#bits, true);
      this.length += 2;
      this.#bits >>>= 16;
      this.#bitCount -= 16;
    }
  }

  #align(): void {
    for (; this.#bitCount > 0; this.#bitCount -= 8, this.#bits >>>= 8)
      this.output[this.length++] = this.#bits;
    this.#bits = 0;
    this.#bitCount = 0;
  }

  #reserve(size: number): void {
    const needed = this.length + size;
    if (needed <= this.output.length) return;
    const { output } = this;
    this.#replaceOutput(Math.max(needed, output.length * 2));
    output.copy(this.output, 0, 0, this.length);
  }

  #replaceOutput(size: number): void {
    this.output = Buffer.allocUnsafeSlow(size);
    this.#view = new DataView(this.output.buffer);
  }

  #writeTokens(tokens: Int32Array, count: number, literalLength: Int32Array, distance: Int32Array): void {
    const view = this.#view;
    let { length } = this;
    let bits = this.#bits;
    let bitCount = this.#bitCount;
    for (let i = 0; i < count; i++) {
      const token = tokens[i] as number;
      if (token < 256) {
        const codeword = literalLength[token] as number;
        bits |= (codeword >> 4) << bitCount;
        bitCount += codeword & 15;
      } else {
        const matchLength = token & 511;
        let symbol = lengthSymbols[matchLength] as number;
        let codeword = literalLength[257 + symbol] as number;
        bits |= (codeword >> 4) << bitCount;
        bitCount += codeword & 15;
        if (bitCount >= 16) {
          view.setUint16(length, bits, true);
          length += 2;
          bits >>>= 16;
          bitCount -= 16;
        }
        bits |= (matchLength - (LENGTH_BASE[symbol] as number)) << bitCount;
        bitCount += LENGTH_EXTRA_BITS[symbol] as number;
        if (bitCount >= 16) {
          view.setUint16(length, bits, true);
          length += 2;
          bits >>>= 16;
          bitCount -= 16;
        }
        const matchDistance = token >> 9;
        symbol = distanceSymbol(matchDistance);
        codeword = distance[symbol] as number;
        bits |= (codeword >> 4) << bitCount;
        bitCount += codeword & 15;
        if (bitCount >= 16) {
          view.setUint16(length, bits, true);
          length += 2;
          bits >>>= 16;
          bitCount -= 16;
        }
        bits |= (matchDistance - (DISTANCE_BASE[symbol] as number)) << bitCount;
        bitCount += DISTANCE_EXTRA_BITS[symbol] as number;
      }
      if (bitCount >= 16) {
        view.setUint16(length, bits, true);
        length += 2;
        bits >>>= 16;
        bitCount -= 16;
      }
    }
    this.length = length;
    this.#bits = bits;
    this.#bitCount = bitCount;
    const codeword = literalLength[END_OF_BLOCK_SYMBOL] as number;
    this.#write(codeword >> 4, codeword & 15);
  }

  /** [1951] 3.2.7. Returns false, with nothing written, if the fixed codes do as well. */
  #writeDynamic(tokens: Int32Array, count: number): boolean {
    literalLengthFrequencies.fill(0);
    distanceFrequencies.fill(0);
    literalLengthFrequencies[END_OF_BLOCK_SYMBOL] = 1;
    for (let i = 0; i < count; i++) {
      const token = tokens[i] as number;
      if (token < 256) {
        (literalLengthFrequencies[token] as number)++;
      } else {
        (literalLengthFrequencies[257 + (lengthSymbols[token & 511] as number)] as number)++;
        (distanceFrequencies[distanceSymbol(token >> 9)] as number)++;
      }
    }
    huffmanLengths(
      literalLengthFrequencies,
      MAX_LITERAL_LENGTH_CODES,
      MAX_CODEWORD_LENGTH,
      literalLengths.lengths,
    );
    huffmanLengths(distanceFrequencies, MAX_DISTANCE_CODES, MAX_CODEWORD_LENGTH, distances.lengths);

    let literalLengthCodes = MAX_LITERAL_LENGTH_CODES;
    while (literalLengths.lengths[literalLengthCodes - 1] === 0) literalLengthCodes--;
    let distanceCodes = MAX_DISTANCE_CODES;
    while (distanceCodes > 1 && distances.lengths[distanceCodes - 1] === 0) distanceCodes--;
    const packed = packLengths(literalLengths.lengths, literalLengthCodes, distances.lengths, distanceCodes);
    huffmanLengths(codeLengthFrequencies, CODE_LENGTH_ORDER.length, 7, codeLengths.lengths);
    let codeLengthCodes = CODE_LENGTH_ORDER.length;
    while (codeLengths.lengths[CODE_LENGTH_ORDER[codeLengthCodes - 1] as number] === 0) codeLengthCodes--;

    let saved = -(5 + 5 + 4 + 3 * codeLengthCodes);
    for (let i = 0; i < CODE_LENGTH_ORDER.length; i++) {
      saved -= (codeLengthFrequencies[i] as number) * ((codeLengths.lengths[i] as number) + extraBits(i));
    }
    for (let i = 0; i < literalLengthCodes; i++) {
      const difference = (FIXED_LITERAL_LENGTHS[i] as number) - (literalLengths.lengths[i] as number);
      saved += (literalLengthFrequencies[i] as number) * difference;
    }
    for (let i = 0; i < distanceCodes; i++) {
      saved += (distanceFrequencies[i] as number) * (5 - (distances.lengths[i] as number));
    }
    if (saved <= 0) return false;

    literalLengths.assign(literalLengthCodes);
    distances.assign(distanceCodes);
    codeLengths.assign(CODE_LENGTH_ORDER.length);
    this.#write(0b100, 3);
    this.#write(literalLengthCodes - 257, 5);
    this.#write(distanceCodes - 1, 5);
    this.#write(codeLengthCodes - 4, 4);
    for (let i = 0; i < codeLengthCodes; i++) {
      this.#write(codeLengths.lengths[CODE_LENGTH_ORDER[i] as number] as number, 3);
    }
    for (let i = 0; i < packed; i++) {
      const symbol = (packedLengths[i] as number) >> 8;
      const codeword = codeLengths.codewords[symbol] as number;
      this.#write(codeword >> 4, codeword & 15);
      this.#write((packedLengths[i] as number) & 255, extraBits(symbol));
    }
    this.#writeTokens(tokens, count, literalLengths.codewords, distances.codewords);
    return true;
  }
}
