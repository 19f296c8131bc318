import { CloseCode } from "./close-code.js";
import { ConnectionError } from "./connection-error.js";
import {
  CODE_LENGTH_ORDER,
  END_OF_BLOCK_SYMBOL,
  MAX_DISTANCE_CODES,
  MAX_LITERAL_LENGTH_CODES,
  MAX_MATCH,
  REPEAT_PREVIOUS,
  REPEAT_ZERO,
} from "./deflate-alphabet.js";
import { END_OF_BLOCK, type HuffmanCode, LITERAL, MATCH } from "./huffman-code.js";
import {
  codeLengthCode,
  distanceCode,
  fixedDistanceCode,
  fixedLiteralLengthCode,
  literalLengthCode,
} from "./inflate-codes.js";
import type { SlidingWindow } from "./sliding-window.js";

/** The codeword lengths that a dynamic block starts with. */
const lengths = new Uint8Array(MAX_LITERAL_LENGTH_CODES + MAX_DISTANCE_CODES);

/** How many bytes are taken from the input before one of their bits is used, at most. */
const READ_AHEAD = 3;
/** What may be read past the end of the input before that is noticed. */
export const INPUT_PADDING = 16;

const INITIAL_OUTPUT = 64 * 1024;
/** What is kept for the next message; more than that is left to the garbage collector. */
const KEPT_OUTPUT = 256 * 1024;

/** A match this long is cheaper through a built-in. */
const LONG_MATCH = 64;

const WITHIN_BLOCK = "it ends within a block";

function invalid(what: string): ConnectionError {
  return new ConnectionError(
    "ERR_WS_INVALID_DEFLATE",
    CloseCode.InvalidPayload,
    `compressed message: ${what}`,
  );
}

export function messageTooBig(limit: number): ConnectionError {
  return new ConnectionError(
    "ERR_WS_MESSAGE_TOO_BIG",
    CloseCode.MessageTooBig,
    `compressed message inflates to more than ${limit} bytes`,
  );
}

/** Reads the blocks of one message after another. [1951] 3.2.3 */
class Inflate {
  /** What came out, up to `length`; belongs to whoever runs, until the next run. */
  output: Buffer = Buffer.allocUnsafeSlow(INITIAL_OUTPUT);
  length = 0;
  #outputView: DataView = new DataView(this.output.buffer);

  #input: DataView = new DataView(new ArrayBuffer(0));
  /** Bits that were taken from the input before `#position`, lowest first; at least `#bitCount` of them hold. */
  #bits = 0;
  #bitCount = 0;
  #position = 0;
  /** Where the input ends. */
  #end = 0;
  #limit = 0;

  /**
   * @param input a message from byte 0 on, with its tail 00 00 FF FF put back, and with padding behind
   * @param end the end of that tail
   */
  run(input: DataView, end: number, window: SlidingWindow | null, limit: number): void {
    if (this.output.length > KEPT_OUTPUT) this.#replaceOutput(INITIAL_OUTPUT);
    this.length = 0;
    this.#input = input;
    this.#bits = 0;
    this.#bitCount = 0;
    this.#position = 0;
    this.#end = end;
    this.#limit = limit;

    while (this.#consumed() < end) {
      const header = this.#read(3);
      switch (header >> 1) {
        case 0:
          this.#readStored();
          break;
        case 1:
          this.#readCompressed(fixedLiteralLengthCode, fixedDistanceCode, window);
          break;
        case 2:
          this.#readCodes();
          this.#readCompressed(literalLengthCode, distanceCode, window);
          break;
        default:
          throw invalid("a block of the reserved type");
      }
      if (this.#consumed() > end) throw invalid(WITHIN_BLOCK);
      if (this.length > limit) throw messageTooBig(limit);
      if ((header & 1) !== 0) {
        // [7692] 7.2.3.4: a sender may end its message with a final block. What it adds starts with the next byte.
        this.#align();
        if (this.#position >= end - 4) return;
      }
    }
    if ((this.#bitCount & 7) !== 0) throw invalid(WITHIN_BLOCK);
  }

  /** The bytes of which at least one bit was used. */
  #consumed(): number {
    return this.#position - (this.#bitCount >> 3);
  }

  #refill(): void {
    if (this.#position > this.#end + READ_AHEAD) throw invalid(WITHIN_BLOCK);
    this.#bits |= this.#input.getInt32(this.#position, true) << this.#bitCount;
    this.#position += (31 - this.#bitCount) >> 3;
    this.#bitCount |= 24;
  }

  #read(bitCount: number): number {
    if (this.#bitCount < bitCount) this.#refill();
    const value = this.#bits & ((1 << bitCount) - 1);
    this.#bits >>>= bitCount;
    this.#bitCount -= bitCount;
    return value;
  }

  #align(): void {
    this.#position = this.#consumed();
    this.#bits = 0;
    this.#bitCount = 0;
  }

  /** [1951] 3.2.4 */
  #readStored(): void {
    this.#align();
    const start = this.#position + 4;
    if (start > this.#end) throw invalid(WITHIN_BLOCK);
    const length = this.#input.getUint16(start - 4, true);
    if (length !== (~this.#input.getUint16(start - 2, true) & 0xffff)) {
      throw invalid("a stored block whose length fails its check");
    }
    this.#position = start + length;
    if (this.#position > this.#end) throw invalid(WITHIN_BLOCK);
    if (this.length + length > this.#limit) throw messageTooBig(this.#limit);
    while (this.length + length > this.output.length) this.#grow(this.length);
    const { buffer, byteOffset } = this.#input;
    this.output.set(new Uint8Array(buffer, byteOffset + start, length), this.length);
    this.length += length;
  }

  /** [1951] 3.2.7 */
  #readCodes(): void {
    const literalLengthCodes = this.#read(5) + 257;
    const distanceCodes = this.#read(5) + 1;
    const codeLengthCodes = this.#read(4) + 4;
    if (literalLengthCodes > MAX_LITERAL_LENGTH_CODES || distanceCodes > MAX_DISTANCE_CODES) {
      throw invalid("too many length or distance symbols");
    }
    lengths.fill(0, 0, CODE_LENGTH_ORDER.length);
    for (let i = 0; i < codeLengthCodes; i++) lengths[CODE_LENGTH_ORDER[i] as number] = this.#read(3);
    if (!codeLengthCode.assign(lengths, 0, CODE_LENGTH_ORDER.length, false))
      throw invalid("bad code length code");

    const total = literalLengthCodes + distanceCodes;
    const { lookup } = codeLengthCode;
    for (let i = 0; i < total; ) {
      if (this.#bitCount < 14) this.#refill();
      const entry = lookup[this.#bits & (lookup.length - 1)] as number;
      if (entry === 0) throw invalid("a codeword that the code length code has not");
      this.#bits >>>= entry & 15;
      this.#bitCount -= entry & 15;
      const symbol = entry >> 16;
      if (symbol < REPEAT_PREVIOUS) {
        lengths[i++] = symbol;
        continue;
      }
      let repeated = 0;
      let times: number;
      if (symbol === REPEAT_PREVIOUS) {
        if (i === 0) throw invalid("a code length repeated before the first");
        repeated = lengths[i - 1] as number;
        times = 3 + this.#read(2);
      } else {
        times = symbol === REPEAT_ZERO ? 3 + this.#read(3) : 11 + this.#read(7);
      }
      if (i + times > total) throw invalid("code lengths repeated past the last");
      while (times-- > 0) lengths[i++] = repeated;
    }
    if (lengths[END_OF_BLOCK_SYMBOL] === 0) throw invalid("a code that cannot end its block");
    if (!literalLengthCode.assign(lengths, 0, literalLengthCodes, true))
      throw invalid("bad literal/length code");
    if (!distanceCode.assign(lengths, literalLengthCodes, total, true)) throw invalid("bad distance code");
  }

  /** [1951] 3.2.3, "decode literal/length value from input stream" and what follows. */
  #readCompressed(literalLength: HuffmanCode, distances: HuffmanCode, window: SlidingWindow | null): void {
    const input = this.#input;
    const overrun = this.#end + READ_AHEAD;
    const literalLengthLookup = literalLength.lookup;
    const distanceLookup = distances.lookup;
    const literalLengthMask = literalLengthLookup.length - 1;
    const distanceMask = distanceLookup.length - 1;
    const windowLength = window === null ? 0 : window.length;
    const limit = this.#limit;
    let output: Uint8Array = this.output;
    let outputView = this.#outputView;
    let length = this.length;
    // one comparison a symbol stands for both: room for the longest match, and the limit
    let room = Math.min(output.length - MAX_MATCH - 3, limit);
    let bits = this.#bits;
    let bitCount = this.#bitCount;
    let position = this.#position;

    for (;;) {
      if (position > overrun) throw invalid(WITHIN_BLOCK);
      // Fills up to 24 to 31 bits without a branch; what lies above `bitCount` is right, only not counted yet.
      bits |= input.getInt32(position, true) << bitCount;
      position += (31 - bitCount) >> 3;
      bitCount |= 24;
      if (length > room) {
        output = this.#grow(length);
        outputView = this.#outputView;
        room = Math.min(output.length - MAX_MATCH - 3, limit);
      }

      let entry = literalLengthLookup[bits & literalLengthMask] as number;
      if (entry === 0) entry = literalLength.find(bits);
      bits >>>= entry & 15;
      bitCount -= entry & 15;
      if ((entry & LITERAL) !== 0) {
        output[length++] = entry >> 16;
        continue;
      }
      if ((entry & MATCH) === 0) {
        if ((entry & END_OF_BLOCK) !== 0) break;
        throw invalid("a bad literal or length");
      }
      let extraBits = (entry >> 8) & 15;
      const matchLength = (entry >> 16) + (bits & ((1 << extraBits) - 1));
      bits >>>= extraBits;
      bitCount -= extraBits;

      bits |= input.getInt32(position, true) << bitCount;
      position += (31 - bitCount) >> 3;
      bitCount |= 24;
      entry = distanceLookup[bits & distanceMask] as number;
      if (entry === 0) entry = distances.find(bits);
      if ((entry & MATCH) === 0) throw invalid("a bad distance");
      bits >>>= entry & 15;
      bitCount -= entry & 15;
      extraBits = (entry >> 8) & 15;
      if (bitCount < extraBits) {
        bits |= input.getInt32(position, true) << bitCount;
        position += (31 - bitCount) >> 3;
        bitCount |= 24;
      }
      const distance = (entry >> 16) + (bits & ((1 << extraBits) - 1));
      bits >>>= extraBits;
      bitCount -= extraBits;

      let from = length - distance;
      const matchEnd = length + matchLength;
      if (from < 0) {
        if (window === null || -from > windowLength) throw invalid("a distance beyond the window");
        // The match starts in an earlier message, and may reach into this one.
        const { ring, ringView } = window;
        const ringMask = ring.length - 1;
        from += window.head;
        const windowEnd = Math.min(matchEnd, distance);
        const start = from & ringMask;
        // Four bytes at a time, as below: 20% of a message of 300 bytes.
        if (start + MAX_MATCH + 3 <= ring.length) {
          for (let at = start; length < windowEnd; length += 4, at += 4) {
            outputView.setInt32(length, ringView.getInt32(at, true), true);
          }
          length = windowEnd;
        } else {
          while (length < windowEnd) output[length++] = ring[from++ & ringMask] as number;
        }
        from = length - distance;
      } else if (distance >= 4 && matchLength < LONG_MATCH) {
        // Four bytes at a time; what that writes beyond the match, the next symbols overwrite. 15% of one of 4 KiB.
        while (length < matchEnd) {
          outputView.setInt32(length, outputView.getInt32(from, true), true);
          length += 4;
          from += 4;
        }
        length = matchEnd;
      } else if (matchLength >= LONG_MATCH) {
        if (distance >= matchLength) {
          output.copyWithin(length, from, from + matchLength);
          length = matchEnd;
        } else if (distance === 1) {
          output.fill(output[from] as number, length, matchEnd);
          length = matchEnd;
        }
      }
      while (length < matchEnd) output[length++] = output[from++] as number;
    }

    this.#bits = bits;
    this.#bitCount = bitCount;
    this.#position = position;
    this.length = length;
  }

  /** Makes room for more than `length` bytes, unless that would pass the limit. */
  #grow(length: number): Buffer {
    const limit = this.#limit;
    if (length > limit) throw messageTooBig(limit);
    const size = Math.min(this.output.length * 2, limit + 65536);
    const { output } = this;
    this.#replaceOutput(size);
    output.copy(this.output, 0, 0, length);
    return this.output;
  }

  #replaceOutput(size: number): void {
    this.output = Buffer.allocUnsafeSlow(size);
    this.#outputView = new DataView(this.output.buffer);
  }
}

/** One for all connections: a message is inflated in one go, so nobody is in the middle of it when the next one starts. */
export const inflate = new Inflate();
