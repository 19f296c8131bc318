import type { ConnectionEvent, FrameEvent } from "../recording/connection-event.js";
import type { Preview, SessionId, WireEvent, WireFrame } from "./control-protocol.js";

/** Most bytes of a payload that the page gets unasked. */
export const previewSize = 4096;

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** An event as the page gets it. @param frame the number of the frame on its connection, where the event is one. */
export function wireEvent(event: ConnectionEvent, frame: number, session: SessionId | undefined): WireEvent {
  const told: Mutable<WireEvent> = event.kind === "frame" ? wireFrame(event, frame) : { ...event };
  if (session !== undefined) told.session = session;
  return told;
}

/** Made by name: there are a hundred thousand a second, and a spread takes ten times as long. */
function wireFrame(event: FrameEvent, frame: number): WireFrame {
  const { kind, connection, time, direction, opcode, fin, compressed, length, payload } = event;
  const told: Mutable<WireFrame> = {
    kind,
    connection,
    time,
    direction,
    opcode,
    fin,
    compressed,
    length,
    frame,
  };
  if (payload !== undefined) {
    told.size = sizeOf(payload);
    told.data = previewOf(payload);
  }
  return told;
}

/** Bytes, as they go over the wire. */
function sizeOf(payload: string | Uint8Array): number {
  return typeof payload === "string" ? Buffer.byteLength(payload) : payload.length;
}

/** The beginning of a payload, as text or in base64. */
export function previewOf(payload: string | Uint8Array): Preview {
  if (typeof payload === "string") {
    const text = beginningOf(payload);
    return text.length < payload.length ? { text, isCut: true } : { text };
  }
  const { buffer, byteOffset, length } = payload;
  const base64 = Buffer.from(buffer, byteOffset, Math.min(length, previewSize)).toString("base64");
  return length > previewSize ? { base64, isCut: true } : { base64 };
}

/** At most `previewSize` bytes of it, in whole characters. */
function beginningOf(text: string): string {
  // No UTF-16 unit takes more than three bytes.
  if (text.length * 3 <= previewSize) return text;
  const bytes = Buffer.from(text.slice(0, previewSize));
  if (text.length <= previewSize && bytes.length <= previewSize) return text;
  let end = Math.min(previewSize, bytes.length);
  while (end > 0 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end--;
  // A cut between the halves of a pair has left a replacement character.
  return bytes.toString("utf8", 0, end).replace(/\uFFFD$/, "");
}
