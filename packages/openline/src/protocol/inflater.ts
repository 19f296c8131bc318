import { constants as bufferConstants } from "node:buffer";
import { inflateRawSync } from "node:zlib";
import { INPUT_PADDING, inflate, messageTooBig } from "./inflate.js";
import { SlidingWindow } from "./sliding-window.js";

/** What a sender takes off the end of each message is 00 00 FF FF. [7692] 7.2.1 */
const TAIL_LENGTH = 4;
const TAIL = 0xffff0000;
/** An empty final block, with the fixed codes: tells zlib that this was all. */
const FINAL_BLOCK_LENGTH = 2;
const FINAL_BLOCK = 0x0003;

/**
 * Compressed bytes from which on zlib is faster, set-up included. JSON on a quiet machine, our decoder beside zlib: 400
 * bytes in 5.5 and 6.5 µs, 1,150 in 15 and 10, 14,000 in 135 and 66; with a full window as zlib's dictionary 230 in 3.8
 * and 8, 845 in 11.6 and 10.7. On a busy one zlib, which allocates, loses more.
 */
export const ZLIB_FROM = 768;

/** What zlib writes into: too large for Node's pool, so that it is the result's own memory; enough for most messages. */
const MIN_CHUNK = 32 * 1024;
const MAX_CHUNK = 256 * 1024;

const INPUT_SIZE = 16 * 1024;
/** A message that asked for more than this leaves its memory to the garbage collector. */
const KEPT_INPUT = 256 * 1024;

/** The message at work, where its tail and some padding can be put behind it. One for all connections. */
let input: Buffer = Buffer.allocUnsafeSlow(INPUT_SIZE);
let inputView: DataView = new DataView(input.buffer);
const dictionary = Buffer.allocUnsafeSlow(32768);

function makeInput(size: number): void {
  input = Buffer.allocUnsafeSlow(size);
  inputView = new DataView(input.buffer);
}

/** Inflates the messages of one connection, one after another, in the calling turn. [7692] 7.2.2 */
export class Inflater {
  readonly #windowSize: number;
  readonly #contextTakeover: boolean;
  /** What earlier messages left; nothing before the first one that was compressed. */
  #window: SlidingWindow | null = null;

  constructor(options: { windowBits: number; contextTakeover: boolean }) {
    this.#windowSize = 1 << options.windowBits;
    this.#contextTakeover = options.contextTakeover;
  }

  /**
   * Inflates the message `source[start..end)`. The result is a view, from byte 0 of its `ArrayBuffer` on, that holds
   * until any Inflater's next call.
   * @throws ConnectionError if the data are bad, or as soon as they come to more than `limit` bytes
   */
  inflate(source: Uint8Array, start: number, end: number, limit: number): Uint8Array {
    const length = end - start;
    if (length === 0) return input.subarray(0, 0);
    const needed = length + TAIL_LENGTH + INPUT_PADDING;
    if (needed > input.length) makeInput(needed);
    else if (input.length > KEPT_INPUT && needed <= INPUT_SIZE) makeInput(INPUT_SIZE);
    if (length < 64) {
      // half the time of set() and its view, for the smallest
      for (let i = 0; i < length; i++) input[i] = source[start + i] as number;
    } else {
      input.set(source.subarray(start, end));
    }
    inputView.setUint32(length, TAIL, true);

    const message =
      (length >= ZLIB_FROM ? this.#inflateByZlib(length, limit) : null) ?? this.#inflate(length, limit);
    if (this.#contextTakeover && message.length > 0) {
      this.#window ??= new SlidingWindow(this.#windowSize);
      this.#window.append(message);
    }
    return message;
  }

  #inflate(length: number, limit: number): Uint8Array {
    inflate.run(inputView, length + TAIL_LENGTH, this.#window, limit);
    return inflate.output.subarray(0, inflate.length);
  }

  /**
   * Half the time of our own for a large message. Null where the message isn't one stream from end to end: whether that
   * is wrong, or only unusual ([7692] 7.2.3.4), our own decoder then says.
   */
  #inflateByZlib(length: number, limit: number): Uint8Array | null {
    inputView.setUint16(length + TAIL_LENGTH, FINAL_BLOCK, true);
    const total = length + TAIL_LENGTH + FINAL_BLOCK_LENGTH;
    const windowLength = this.#window?.copyTo(dictionary) ?? 0;
    try {
      const { buffer, engine } = inflateRawSync(input.subarray(0, total), {
        info: true,
        maxOutputLength: Math.min(limit + 1, bufferConstants.MAX_LENGTH),
        chunkSize: Math.min(Math.max(MIN_CHUNK, length * 4), MAX_CHUNK),
        ...(windowLength > 0 ? { dictionary: dictionary.subarray(0, windowLength) } : null),
      }) as unknown as { buffer: Buffer; engine: { bytesWritten: number } };
      if (buffer.length > limit) throw messageTooBig(limit);
      if (engine.bytesWritten !== total) return null;
      return buffer.byteOffset === 0 ? buffer : new Uint8Array(buffer);
    } catch (error) {
      if ((error as { code?: unknown }).code === "ERR_BUFFER_TOO_LARGE") throw messageTooBig(limit);
      return null;
    }
  }
}
