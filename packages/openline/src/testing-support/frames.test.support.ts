/** Frames written and read by the letter of [6455] 5.2, apart from the library's own code, so that the two can disagree. */
export interface Frame {
  readonly fin: boolean;
  /** The three reserved bits as a number: 4 is RSV1. */
  readonly rsv: number;
  readonly opcode: number;
  readonly maskKey: Buffer | undefined;
  /** How many bits the length took: 7, 16 or 64. */
  readonly lengthBits: 7 | 16 | 64;
  /** Already unmasked. */
  readonly payload: Buffer;
}

export interface FrameShape {
  readonly fin?: boolean;
  readonly rsv?: number;
  readonly maskKey?: Uint8Array;
}

export function encodeFrame(opcode: number, data: string | Uint8Array = "", shape: FrameShape = {}): Buffer {
  const payload = Buffer.from(data);
  const { fin = true, rsv = 0, maskKey } = shape;
  const start = (fin ? 0x80 : 0) | (rsv << 4) | opcode;
  const maskBit = maskKey === undefined ? 0 : 0x80;
  let header: Buffer;
  if (payload.length < 126) {
    header = Buffer.from([start, maskBit | payload.length]);
  } else if (payload.length < 65_536) {
    header = Buffer.from([start, maskBit | 126, 0, 0]);
    header.writeUInt16BE(payload.length, 2);
  } else {
    header = Buffer.from([start, maskBit | 127, 0, 0, 0, 0, 0, 0, 0, 0]);
    header.writeBigUInt64BE(BigInt(payload.length), 2);
  }
  if (maskKey === undefined) return Buffer.concat([header, payload]);
  return Buffer.concat([header, maskKey, applyMask(payload, maskKey)]);
}

export const text = (data: string | Uint8Array, shape?: FrameShape): Buffer => encodeFrame(0x1, data, shape);
export const binary = (data: Uint8Array, shape?: FrameShape): Buffer => encodeFrame(0x2, data, shape);
export const continuation = (data: string | Uint8Array, shape?: FrameShape): Buffer =>
  encodeFrame(0x0, data, shape);
export const ping = (data: string | Uint8Array = "", shape?: FrameShape): Buffer =>
  encodeFrame(0x9, data, shape);

export function closeBody(code: number, reason: string | Uint8Array = ""): Buffer {
  const body = Buffer.alloc(2);
  body.writeUInt16BE(code);
  return Buffer.concat([body, Buffer.from(reason)]);
}

/** A close frame; without a code, one with an empty body. */
export function close(code?: number, reason: string | Uint8Array = "", shape?: FrameShape): Buffer {
  return encodeFrame(0x8, code === undefined ? "" : closeBody(code, reason), shape);
}

/** The code in the body of a close frame, or undefined for an empty body. */
export function closeCode(frame: Frame): number | undefined {
  return frame.payload.length === 0 ? undefined : frame.payload.readUInt16BE(0);
}

/** Gathers bytes and gives out whole frames. */
export class FrameReader {
  #chunks: Buffer[] = [];
  #length = 0;
  #needed = 2;

  push(chunk: Buffer): Frame[] {
    this.#chunks.push(chunk);
    this.#length += chunk.length;
    const frames: Frame[] = [];
    while (this.#length >= this.#needed) {
      const bytes =
        this.#chunks.length === 1 && this.#chunks[0] ? this.#chunks[0] : Buffer.concat(this.#chunks);
      const frame = this.#decode(bytes);
      if (frame === undefined) {
        this.#chunks = [bytes];
        continue;
      }
      frames.push(frame);
      const rest = bytes.subarray(this.#needed);
      this.#chunks = [rest];
      this.#length = rest.length;
      this.#needed = 2;
    }
    return frames;
  }

  /** The frame at the start of `bytes`, or undefined after raising `#needed` to what is still missing. */
  #decode(bytes: Buffer): Frame | undefined {
    const second = bytes.readUInt8(1);
    const form = second & 0x7f;
    const lengthBits = form === 126 ? 16 : form === 127 ? 64 : 7;
    const maskAt = 2 + (lengthBits === 7 ? 0 : lengthBits / 8);
    const payloadAt = maskAt + (second & 0x80 ? 4 : 0);
    if (!this.#has(bytes, payloadAt)) return undefined;
    const length =
      lengthBits === 7 ? form : lengthBits === 16 ? bytes.readUInt16BE(2) : Number(bytes.readBigUInt64BE(2));
    if (!this.#has(bytes, payloadAt + length)) return undefined;
    const first = bytes.readUInt8(0);
    const maskKey = second & 0x80 ? Buffer.from(bytes.subarray(maskAt, maskAt + 4)) : undefined;
    const wire = bytes.subarray(payloadAt, payloadAt + length);
    return {
      fin: (first & 0x80) !== 0,
      rsv: (first >> 4) & 0x7,
      opcode: first & 0xf,
      maskKey,
      lengthBits,
      payload: maskKey === undefined ? Buffer.from(wire) : applyMask(wire, maskKey),
    };
  }

  #has(bytes: Buffer, count: number): boolean {
    this.#needed = count;
    return bytes.length >= count;
  }
}

function applyMask(bytes: Uint8Array, maskKey: Uint8Array): Buffer {
  const masked = Buffer.from(bytes);
  for (let index = 0; index < masked.length; index += 1) {
    masked[index] = (masked[index] ?? 0) ^ (maskKey[index & 3] ?? 0);
  }
  return masked;
}
