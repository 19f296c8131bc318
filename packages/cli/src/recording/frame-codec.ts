import type { FrameEvent } from "./connection-event.js";

// A recording's own form of frames, in memory and on disk: one of 64 bytes takes 86, where an object takes 300.

const isSent = 1;
const isFin = 2;
const isCompressed = 4;
const hasText = 8;
const hasBytes = 16;

/** Flags, opcode, time, length, bytes of the payload. */
const headLength = 1 + 1 + 8 + 8 + 4;

/** Bytes that `writeFrame` needs. */
export function roomFor({ payload }: FrameEvent): number {
  if (payload === undefined) return headLength;
  return headLength + (typeof payload === "string" ? Buffer.byteLength(payload) : payload.length);
}

/** Writes a frame at `at`; gives the position after it. */
export function writeFrame(frame: FrameEvent, target: Buffer, at: number): number {
  const { payload } = frame;
  const start = at + headLength;
  let flags = frame.direction === "sent" ? isSent : 0;
  if (frame.fin) flags |= isFin;
  if (frame.compressed) flags |= isCompressed;
  let size = 0;
  if (typeof payload === "string") {
    flags |= hasText;
    size = target.write(payload, start);
  } else if (payload !== undefined) {
    flags |= hasBytes;
    target.set(payload, start);
    size = payload.length;
  }
  target[at] = flags;
  target[at + 1] = frame.opcode;
  target.writeDoubleLE(frame.time, at + 2);
  target.writeDoubleLE(frame.length, at + 10);
  target.writeUInt32LE(size, at + 18);
  return start + size;
}

/** Where the frame at `at` ends. */
export function endOfFrame(source: Buffer, at: number): number {
  return at + headLength + source.readUInt32LE(at + 18);
}

/** The frame at `at`, of this connection. */
export function readFrame(source: Buffer, at: number, connection: number): FrameEvent {
  const flags = source[at] as number;
  const frame: FrameEvent = {
    kind: "frame",
    connection,
    time: source.readDoubleLE(at + 2),
    direction: (flags & isSent) === 0 ? "received" : "sent",
    opcode: source[at + 1] as number,
    fin: (flags & isFin) !== 0,
    compressed: (flags & isCompressed) !== 0,
    length: source.readDoubleLE(at + 10),
  };
  const start = at + headLength;
  const end = endOfFrame(source, at);
  if ((flags & hasText) !== 0) return { ...frame, payload: source.toString("utf8", start, end) };
  // Memory of its own: nobody keeps a whole block for the sake of one payload.
  if ((flags & hasBytes) !== 0) return { ...frame, payload: new Uint8Array(source.subarray(start, end)) };
  return frame;
}
