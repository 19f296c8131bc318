import { Buffer } from "node:buffer";
import type { Payload } from "./payload.js";

// Frames for the peers, encoded once before a run. Written apart from openline's own frame writer on purpose: the
// measure must not change with what is measured.

export const textOpcode = 1;
export const binaryOpcode = 2;
const continuationOpcode = 0;

export interface FrameBits {
  readonly opcode: number;
  readonly fin?: boolean;
  /** The payload is compressed ([7692] 6). */
  readonly compressed?: boolean;
  /** A client masks its frames. */
  readonly masked?: boolean;
}

const maskKey = Buffer.from([0x37, 0xfa, 0x21, 0x3d]);

export function encodeFrame(payload: Uint8Array, bits: FrameBits): Buffer {
  const length = payload.length;
  const extended = length < 126 ? 0 : length < 65536 ? 2 : 8;
  const maskLength = bits.masked ? 4 : 0;
  const frame = Buffer.allocUnsafe(2 + extended + maskLength + length);
  frame[0] = (bits.fin === false ? 0 : 0x80) | (bits.compressed ? 0x40 : 0) | bits.opcode;
  frame[1] = (bits.masked ? 0x80 : 0) | (extended === 0 ? length : extended === 2 ? 126 : 127);
  if (extended === 2) frame.writeUInt16BE(length, 2);
  if (extended === 8) frame.writeBigUInt64BE(BigInt(length), 2);
  const start = 2 + extended + maskLength;
  frame.set(payload, start);
  if (bits.masked) {
    maskKey.copy(frame, 2 + extended);
    for (let i = 0; i < length; i++) frame[start + i] = (frame[start + i] ?? 0) ^ (maskKey[i & 3] ?? 0);
  }
  return frame;
}

export function encodeMessage(payload: Payload, masked: boolean): Buffer {
  return encodeFrame(payload.bytes, { opcode: payload.isText ? textOpcode : binaryOpcode, masked });
}

/** One message in as many frames as its size asks for. */
export function encodeFragments(payload: Buffer, fragmentSize: number): Buffer {
  const frames: Buffer[] = [];
  for (let start = 0; start < payload.length; start += fragmentSize) {
    const opcode = start === 0 ? binaryOpcode : continuationOpcode;
    const end = start + fragmentSize;
    frames.push(encodeFrame(payload.subarray(start, end), { opcode, fin: end >= payload.length }));
  }
  return Buffer.concat(frames);
}

export function encodeClose(masked: boolean): Buffer {
  return encodeFrame(Buffer.from([0x03, 0xe8]), { opcode: 8, masked });
}

/** The short text with which a peer acknowledges, and with which a client asks for more. */
export function encodeSignal(text = "k"): Buffer {
  return encodeFrame(Buffer.from(text), { opcode: textOpcode });
}
