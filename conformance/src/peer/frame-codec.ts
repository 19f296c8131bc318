/**
 * Encodes and decodes frames for the raw peer, written apart from the library's own code: a mistake would have to be
 * made twice to go unseen. It can write what no endpoint may write; it reads strictly. [6455] 5.2
 */

/** A frame to write. Everything but the opcode has the value that a well-behaved peer would send. */
export interface Frame {
  readonly opcode: number;
  /** Default: empty. A string is written as UTF-8. */
  readonly payload?: Uint8Array | string;
  /** Default: true. */
  readonly fin?: boolean;
  /** RSV1 is 4, RSV2 is 2, RSV3 is 1. Default: 0. */
  readonly rsv?: number;
  /** Default: what the peer's role asks for. */
  readonly masked?: boolean;
  /** Default: a key of its own for each frame. */
  readonly maskKey?: number;
  /** The length in the header, where it isn't the payload's. */
  readonly declaredLength?: number | bigint;
  /** How many bits carry the length. Default: the shortest form. */
  readonly lengthForm?: 7 | 16 | 64;
}

/** A frame read from the wire, its payload unmasked. */
export interface ReadFrame {
  readonly fin: boolean;
  readonly rsv: number;
  readonly opcode: number;
  readonly maskKey: number | undefined;
  readonly shortestLength: boolean;
  readonly payload: Buffer;
}

export const Opcode = { Continuation: 0, Text: 1, Binary: 2, Close: 8, Ping: 9, Pong: 10 } as const;

export function toBytes(data: Uint8Array | string): Buffer {
  return typeof data === "string"
    ? Buffer.from(data, "utf8")
    : Buffer.from(data.buffer, data.byteOffset, data.byteLength);
}

// Reproducible, and different from frame to frame: a failing case fails again with the same bytes.
let lastMaskKey = 0x9e3779b9;
function nextMaskKey(): number {
  lastMaskKey = (Math.imul(lastMaskKey, 1664525) + 1013904223) >>> 0;
  return lastMaskKey;
}

function applyMask(bytes: Buffer, maskKey: number): void {
  for (let i = 0; i < bytes.length; i++) {
    bytes[i] = (bytes[i] ?? 0) ^ ((maskKey >>> (24 - 8 * (i & 3))) & 0xff);
  }
}

export function encodeFrame(frame: Frame, maskedByDefault: boolean): Buffer {
  const payload = toBytes(frame.payload ?? "");
  const length = BigInt(frame.declaredLength ?? payload.length);
  const form = frame.lengthForm ?? (length < 126n ? 7 : length < 65536n ? 16 : 64);
  const masked = frame.masked ?? maskedByDefault;

  const header = Buffer.alloc(2 + (form === 16 ? 2 : form === 64 ? 8 : 0) + (masked ? 4 : 0));
  header[0] = (frame.fin === false ? 0 : 0x80) | ((frame.rsv ?? 0) << 4) | frame.opcode;
  header[1] = (masked ? 0x80 : 0) | (form === 7 ? Number(length) : form === 16 ? 126 : 127);
  if (form === 16) header.writeUInt16BE(Number(length), 2);
  if (form === 64) header.writeBigUInt64BE(length, 2);
  if (!masked) return Buffer.concat([header, payload]);

  const maskKey = frame.maskKey ?? nextMaskKey();
  header.writeUInt32BE(maskKey, header.length - 4);
  const bytes = Buffer.concat([header, payload]);
  applyMask(bytes.subarray(header.length), maskKey);
  return bytes;
}

/** The first frame in `bytes` and how many bytes it takes, or how many bytes are needed to go on. */
export function decodeFrame(bytes: Buffer): { value: ReadFrame; size: number } | number {
  if (bytes.length < 2) return 2;
  const first = bytes.readUInt8(0);
  const second = bytes.readUInt8(1);
  const short = second & 0x7f;
  const masked = (second & 0x80) !== 0;
  const lengthSize = short === 126 ? 2 : short === 127 ? 8 : 0;
  const headerSize = 2 + lengthSize + (masked ? 4 : 0);
  if (bytes.length < headerSize) return headerSize;

  const length =
    short === 126 ? bytes.readUInt16BE(2) : short === 127 ? Number(bytes.readBigUInt64BE(2)) : short;
  const size = headerSize + length;
  if (bytes.length < size) return size;

  const payload = Buffer.from(bytes.subarray(headerSize, size));
  const maskKey = masked ? bytes.readUInt32BE(headerSize - 4) : undefined;
  if (maskKey !== undefined) applyMask(payload, maskKey);
  const shortestLength = short === 127 ? length > 65535 : short === 126 ? length > 125 : true;
  const frame: ReadFrame = {
    fin: (first & 0x80) !== 0,
    rsv: (first >> 4) & 7,
    opcode: first & 15,
    maskKey,
    shortestLength,
    payload,
  };
  return { value: frame, size };
}
