import { type Frame, Opcode } from "./peer/frame-codec.js";
import type { DeflateParameters } from "./peer/peer-compression.js";
import type { Data } from "./peer/raw-peer.js";
import type { SubjectOptions } from "./subject/subject.js";

/** Which end the implementation under test plays; the raw peer plays the other. */
export type Role = "client" | "server";

/** One case of the catalogue: what the raw peer and the object do in turn, and how the connection ends. */
export interface WireCase {
  /** Subject, then what is special: `framing/text/126`. */
  readonly id: string;
  /** The section it stands on: `[6455] 5.2`. */
  readonly section: string;
  /** What the case shows, as one sentence. */
  readonly shows: string;
  /** Default: both. */
  readonly roles?: readonly Role[];
  readonly options?: SubjectOptions;
  /** Negotiates permessage-deflate with these parameters. Default: no extension. */
  readonly deflate?: DeflateParameters;
  readonly steps: readonly Step[];
  readonly outcome: Outcome;
}

/** The object sends every message back that it is given, so `echoed` shows both ways at once. */
export type Step =
  | { readonly step: "send"; readonly frames: readonly Frame[]; readonly cut: number | undefined }
  | { readonly step: "send compressed"; readonly data: Data; readonly how: CompressedSending }
  | { readonly step: "receive frame"; readonly opcode: number; readonly payload: Data }
  | { readonly step: "receive message"; readonly data: Data; readonly how: ExpectedCompression }
  | { readonly step: "object sends"; readonly data: Data }
  | { readonly step: "object closes"; readonly code: number | undefined; readonly reason: string | undefined }
  | { readonly step: "peer stops reading" }
  | { readonly step: "peer reads again" }
  /** Until the connection ends or the object has closed. */
  | { readonly step: "peer sends pings without end" }
  | { readonly step: "peer ends" }
  | { readonly step: "peer resets" };

export interface CompressedSending {
  readonly fragmentSize?: number;
  /** Sent after each fragment but the last. */
  readonly between?: readonly Frame[];
  readonly cut?: number;
  /** Whether the message must refer to an earlier one, so that the case shows what it says. */
  readonly refersBack?: boolean;
}

export interface ExpectedCompression {
  readonly compressed?: boolean;
  readonly refersBack?: boolean;
}

export type Outcome =
  /** The connection is still sound: a ping is answered, and it closes cleanly with 1000. */
  | { readonly outcome: "goes on" }
  /** The object sends a close frame with `closeCode` and ends the connection; `error`, then `close` 1006. */
  | { readonly outcome: "fails"; readonly closeCode: number; readonly errors: readonly string[] }
  /** The closing handshake: the close code that the object answers with (null: no body), and its `close` event. */
  | {
      readonly outcome: "closes";
      /** "sent already": the object began, and a step received its close frame. */
      readonly answer: number | null | "sent already";
      readonly code: number;
      readonly reason: string;
    }
  /** No closing handshake: `close` 1006, not clean. With `errors`, after an `error` event with one of them. */
  | { readonly outcome: "is cut"; readonly errors?: readonly string[] };

export const goesOn: Outcome = { outcome: "goes on" };
export const isCut: Outcome = { outcome: "is cut" };
export function fails(closeCode: number, ...errors: readonly string[]): Outcome {
  return { outcome: "fails", closeCode, errors };
}
export function closes(answer: number | null | "sent already", code: number, reason = ""): Outcome {
  return { outcome: "closes", answer, code, reason };
}

/** All frames in one packet. */
export function send(...frames: readonly Frame[]): Step {
  return { step: "send", frames, cut: undefined };
}
/** All frames in packets of `cut` bytes. */
export function sendCut(cut: number, ...frames: readonly Frame[]): Step {
  return { step: "send", frames, cut };
}
export function sendCompressed(data: Data, how: CompressedSending = {}): Step {
  return { step: "send compressed", data, how };
}
export function echoed(data: Data, how: ExpectedCompression = {}): Step {
  return { step: "receive message", data, how };
}
export function received(data: Data, how: ExpectedCompression = {}): Step {
  return { step: "receive message", data, how };
}
export function ponged(payload: Data = ""): Step {
  return { step: "receive frame", opcode: Opcode.Pong, payload };
}
/** A close frame with exactly this body. */
export function closeReceived(code?: number, reason = ""): Step {
  return { step: "receive frame", opcode: Opcode.Close, payload: closeBody(code, reason) };
}
export function objectSends(data: Data): Step {
  return { step: "object sends", data };
}
export function objectCloses(code?: number, reason?: string): Step {
  return { step: "object closes", code, reason };
}

type FrameDetails = Omit<Frame, "opcode" | "payload">;

export function text(payload: Data, details: FrameDetails = {}): Frame {
  return { ...details, opcode: Opcode.Text, payload };
}
export function binary(payload: Data, details: FrameDetails = {}): Frame {
  return { ...details, opcode: Opcode.Binary, payload };
}
export function continuation(payload: Data, details: FrameDetails = {}): Frame {
  return { ...details, opcode: Opcode.Continuation, payload };
}
export function ping(payload: Data = "", details: FrameDetails = {}): Frame {
  return { ...details, opcode: Opcode.Ping, payload };
}
export function pong(payload: Data = "", details: FrameDetails = {}): Frame {
  return { ...details, opcode: Opcode.Pong, payload };
}
export function close(code?: number, reason: Data = "", details: FrameDetails = {}): Frame {
  return { ...details, opcode: Opcode.Close, payload: closeBody(code, reason) };
}

function closeBody(code: number | undefined, reason: Data): Buffer {
  if (code === undefined) return Buffer.alloc(0);
  const head = Buffer.alloc(2);
  head.writeUInt16BE(code);
  return Buffer.concat([head, Buffer.from(reason)]);
}

/** A message as frames of `size` payload bytes. */
export function fragments(opcode: number, payload: Data, size: number): Frame[] {
  const bytes = Buffer.from(payload);
  const frames: Frame[] = [];
  for (let at = 0; at === 0 || at < bytes.length; at += size) {
    frames.push({
      opcode: at === 0 ? opcode : Opcode.Continuation,
      payload: bytes.subarray(at, at + size),
      fin: at + size >= bytes.length,
    });
  }
  return frames;
}
