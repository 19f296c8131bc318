import type { Bytes } from "./buffer.js";
import type { ByteMemory } from "./byte-memory.js";
import { CloseCode } from "./close-code.js";
import { ConnectionError } from "./connection-error.js";
import { rotateKey } from "./masking.js";
import { isControl, Opcode } from "./opcode.js";
import { memoryOf } from "./read-memory.js";
import { giveMemoryBack, takeMemory } from "./reusable-memory.js";

/** The header of the frame that is being read. [6455] 5.2 */
export interface FrameHeader {
  readonly fin: boolean;
  /** Whether RSV1 is set: the message is compressed. [7692] 6 */
  readonly rsv1: boolean;
  readonly opcode: number;
  readonly payloadLength: number;
}

/** What a `FrameParser` tells of its input. Payloads come unmasked, as ranges of the memory that was pushed. */
export interface FrameHandler {
  /** The whole payload lies in one range: by far the most frequent case, and so one call. */
  wholeFrame(header: FrameHeader, bytes: Bytes, memory: ByteMemory, start: number, end: number): void;
  /** A header whose payload comes in pieces. */
  frameStart(header: FrameHeader): void;
  framePiece(header: FrameHeader, bytes: Bytes, start: number, end: number): void;
  frameEnd(header: FrameHeader): void;
}

export interface FrameParserOptions {
  /** Servers take masked frames only, clients unmasked ones only. [6455] 5.1 */
  readonly expectMasked: boolean;
  /** Whether an extension gives RSV1 a meaning. */
  readonly allowRsv1: boolean;
}

/** 2 bytes, 8 of extended length, 4 of masking key. */
const longestHeader = 14;

/** Cuts a stream of bytes into frames, however the stream itself is cut into chunks. [6455] 5.2 */
export class FrameParser implements FrameHeader {
  fin = false;
  rsv1 = false;
  opcode = 0;
  payloadLength = 0;

  readonly #handler: FrameHandler;
  readonly #expectMasked: boolean;
  readonly #allowRsv1: boolean;
  #maskingKey = 0;
  /** Payload bytes of the current frame that are still to come; -1 between frames. */
  #remaining = -1;
  /** A header that a chunk ended in the middle of, and how much of it there is. */
  #cutHeader: Bytes | undefined;
  #cutLength = 0;
  #stopped = false;
  #held = false;
  /** What was pushed and not read when `hold` was called, from the position on. */
  #rest: Bytes | undefined;
  #restPosition = 0;
  /** The memory of our own that it lies in, where the packet was only lent. */
  #kept: Bytes | undefined;

  constructor(handler: FrameHandler, options: FrameParserOptions) {
    this.#handler = handler;
    this.#expectMasked = options.expectMasked;
    this.#allowRsv1 = options.allowRsv1;
  }

  /** Whether it waits for a new frame and holds nothing: a new parser would go on just as well. */
  get isAtRest(): boolean {
    return (
      this.#remaining < 0 &&
      this.#cutHeader === undefined &&
      this.#rest === undefined &&
      !this.#held &&
      !this.#stopped
    );
  }

  /** Ignores all input from now on, the rest of the chunk at hand included. */
  stop(): void {
    this.#stopped = true;
    this.#cutHeader = undefined;
    this.#rest = undefined;
  }

  /** Reads no further than the frame at hand, until `resume`. */
  hold(): void {
    this.#held = true;
  }

  /** Goes on where `hold` stopped. */
  resume(): void {
    this.#held = false;
    const rest = this.#rest;
    if (rest === undefined) return;
    const kept = this.#kept;
    this.#rest = this.#kept = undefined;
    this.#read(rest, this.#restPosition, false);
    if (kept === undefined) return;
    if (this.#rest === undefined) giveMemoryBack(kept);
    else this.#kept = kept;
  }

  /**
   * Reads `bytes` and unmasks in place. They stay the parser's, unless they are `lent` until the call returns.
   * @throws ConnectionError where the frames break the protocol.
   */
  push(bytes: Bytes, lent = false): void {
    if (this.#stopped) return;
    if (this.#held) {
      if (this.#rest === undefined) this.#keepRest(bytes, 0, lent);
      else this.#keepRest(Buffer.concat([this.#rest.subarray(this.#restPosition), bytes]) as Bytes, 0, false);
      return;
    }
    // Four bytes are read at a time.
    if ((bytes.byteOffset & 3) !== 0) this.#read(Buffer.from(bytes) as Bytes, 0, false);
    else this.#read(bytes, 0, lent);
  }

  #read(bytes: Bytes, position: number, lent: boolean): void {
    const end = bytes.length;
    if (this.#remaining > 0) position = this.#readPiece(bytes, position, end);
    // Made for whole frames only: a large message comes in many packets, and none of them needs it.
    let memory: ByteMemory | undefined;
    while (position < end && !this.#stopped && !this.#held) {
      if (this.#cutHeader !== undefined) {
        position = this.#completeHeader(this.#cutHeader, bytes, position, end);
        if (this.#remaining < 0) return;
      } else {
        const headerLength = this.#readHeader(bytes, position, end);
        if (headerLength === 0) {
          this.#keepHeader(bytes, position, end);
          return;
        }
        position += headerLength;
      }
      const frameEnd = position + this.payloadLength;
      if (frameEnd <= end) {
        // Fast path: nothing is kept, nothing is copied.
        this.#remaining = -1;
        memory ??= memoryOf(bytes);
        if (this.#expectMasked) memory.mask(position, frameEnd, this.#maskingKey);
        this.#handler.wholeFrame(this, bytes, memory, position, frameEnd);
        position = frameEnd;
      } else {
        this.#handler.frameStart(this);
        if (position < end) position = this.#readPiece(bytes, position, end);
      }
    }
    if (position < end && this.#held && !this.#stopped) this.#keepRest(bytes, position, lent);
  }

  #keepRest(bytes: Bytes, position: number, lent: boolean): void {
    this.#rest = bytes;
    this.#restPosition = position;
    if (!lent) return;
    this.#kept = takeMemory(bytes.length - position);
    this.#rest = this.#kept.subarray(0, bytes.copy(this.#kept, 0, position)) as Bytes;
    this.#restPosition = 0;
  }

  /** Reads the header at `position` and gives its length, or 0 where it isn't all there. */
  #readHeader(bytes: Bytes, position: number, end: number): number {
    const available = end - position;
    if (available < 2) {
      if (available === 1) this.#readFirstByte(bytes[position] as number);
      return 0;
    }
    this.#readFirstByte(bytes[position] as number);
    const second = bytes[position + 1] as number;
    this.#checkSecondByte(second);

    let length = second & 0x7f;
    let headerLength = 2;
    if (length === 126) {
      if (available < 4) return 0;
      length = ((bytes[position + 2] as number) << 8) | (bytes[position + 3] as number);
      if (length < 126) throw notShortest(length);
      headerLength = 4;
    } else if (length === 127) {
      if (available < 10) return 0;
      const high = bytes.readUInt32BE(position + 2);
      if (high > 0x7fffffff) {
        throw lengthError("A frame's 64-bit payload length has its highest bit set");
      }
      length = high * 0x1_0000_0000 + bytes.readUInt32BE(position + 6);
      if (length < 0x1_0000) throw notShortest(length);
      headerLength = 10;
    }
    if (this.#expectMasked) {
      if (available < headerLength + 4) return 0;
      this.#maskingKey = bytes.readInt32LE(position + headerLength);
      headerLength += 4;
    }
    this.payloadLength = length;
    this.#remaining = length;
    return headerLength;
  }

  #readFirstByte(first: number): void {
    this.fin = (first & 0x80) !== 0;
    this.rsv1 = (first & 0x40) !== 0;
    const opcode = first & 0x0f;
    this.opcode = opcode;
    // Text and binary frames without reserved bits need no further look.
    if ((first & 0x7f) === Opcode.Text || (first & 0x7f) === Opcode.Binary) return;
    if ((first & 0x30) !== 0 || (this.rsv1 && !(this.#allowRsv1 && mayBeCompressed(opcode)))) {
      throw new ConnectionError(
        "ERR_WS_RESERVED_BITS",
        CloseCode.ProtocolError,
        `A frame with opcode 0x${opcode.toString(16)} has reserved bits set (0x${(first & 0x70).toString(16)}) that no extension gives a meaning`,
      );
    }
    if (opcode > 0xa || (opcode > 0x2 && opcode < 0x8)) {
      throw new ConnectionError(
        "ERR_WS_UNKNOWN_OPCODE",
        CloseCode.ProtocolError,
        `A frame has the unknown opcode 0x${opcode.toString(16)}`,
      );
    }
    if (isControl(opcode) && !this.fin) {
      throw new ConnectionError(
        "ERR_WS_CONTROL_FRAME",
        CloseCode.ProtocolError,
        `A control frame (opcode 0x${opcode.toString(16)}) is fragmented`,
      );
    }
  }

  #checkSecondByte(second: number): void {
    if (second >= 0x80 !== this.#expectMasked) {
      throw new ConnectionError(
        "ERR_WS_MASK",
        CloseCode.ProtocolError,
        this.#expectMasked ? "A frame from a client is not masked" : "A frame from a server is masked",
      );
    }
    if ((second & 0x7f) > 125 && isControl(this.opcode)) {
      throw new ConnectionError(
        "ERR_WS_CONTROL_FRAME",
        CloseCode.ProtocolError,
        `A control frame (opcode 0x${this.opcode.toString(16)}) has more than 125 bytes of payload`,
      );
    }
  }

  #keepHeader(bytes: Bytes, position: number, end: number): void {
    this.#cutHeader = Buffer.allocUnsafe(longestHeader) as Bytes;
    this.#cutLength = bytes.copy(this.#cutHeader, 0, position, end);
  }

  /** Adds bytes to a header that was cut, until it is whole; gives the position after them. */
  #completeHeader(header: Bytes, bytes: Bytes, position: number, end: number): number {
    while (position < end) {
      header[this.#cutLength++] = bytes[position++] as number;
      if (this.#readHeader(header, 0, this.#cutLength) > 0) {
        this.#cutHeader = undefined;
        return position;
      }
    }
    return position;
  }

  /** Hands on what the chunk holds of the current payload; gives the position after it. */
  #readPiece(bytes: Bytes, position: number, end: number): number {
    const pieceEnd = Math.min(end, position + this.#remaining);
    const length = pieceEnd - position;
    if (this.#expectMasked) {
      memoryOf(bytes).mask(position, pieceEnd, this.#maskingKey);
      this.#maskingKey = rotateKey(this.#maskingKey, length);
    }
    this.#remaining -= length;
    this.#handler.framePiece(this, bytes, position, pieceEnd);
    if (this.#remaining === 0) {
      this.#remaining = -1;
      if (!this.#stopped) this.#handler.frameEnd(this);
    }
    return pieceEnd;
  }
}

function mayBeCompressed(opcode: number): boolean {
  return opcode === Opcode.Text || opcode === Opcode.Binary;
}

function lengthError(message: string): ConnectionError {
  return new ConnectionError("ERR_WS_PAYLOAD_LENGTH", CloseCode.ProtocolError, message);
}

function notShortest(length: number): ConnectionError {
  return lengthError(`A frame's payload length ${length} is not in its shortest form`);
}
