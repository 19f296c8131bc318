import type { WireEvent } from "../../../src/workbench/control-protocol.js";
import { texts } from "../texts/texts.js";
import { fromBase64, hexOf } from "./base64.js";

type Frame = Extract<WireEvent, { kind: "frame" }>;

/** More doesn't fit into a row. */
const longest = 200;

const opcodeKeys = { 0: "continuation", 1: "text", 2: "binary", 8: "close", 9: "ping", 10: "pong" } as const;

/** The opcode's name, or its number if the standard has none. */
export function opcodeName(opcode: number): string {
  const key = opcodeKeys[opcode as keyof typeof opcodeKeys];
  return key ? texts.value.timeline.opcodes[key] : `0x${opcode.toString(16)}`;
}

/** What an entry is: the opcode's name, `request`, `response` or `end`. */
export function nameOf(event: WireEvent): string {
  return event.kind === "frame" ? opcodeName(event.opcode) : texts.value.timeline[event.kind];
}

/** What an entry says, on one line. */
export function preview(event: WireEvent): string {
  const { timeline } = texts.value;
  switch (event.kind) {
    case "request":
      return `${event.method} ${event.url}`;
    case "response":
      return `${event.status} ${event.statusText}`;
    case "end": {
      const outcome = event.wasClean ? timeline.clean : timeline.unclean;
      return [event.code, event.reason, outcome, event.error].filter(Boolean).join(" · ");
    }
    case "frame":
      return framePreview(event);
  }
}

function framePreview(frame: Frame): string {
  const { data } = frame;
  if (!data) return frame.fin ? "" : texts.value.timeline.fragment;
  if (frame.opcode === 8) return closePreview(data);
  if ("text" in data) return data.text.slice(0, longest).replace(/\s+/g, " ");
  const bytes = fromBase64(data.base64, 48);
  if (frame.opcode > 8 && isPrintable(bytes)) return String.fromCharCode(...bytes);
  return hexOf(bytes);
}

function closePreview(data: NonNullable<Frame["data"]>): string {
  if ("text" in data) return data.text;
  const bytes = fromBase64(data.base64);
  if (bytes.length < 2) return "";
  const code = ((bytes[0] ?? 0) << 8) | (bytes[1] ?? 0);
  return [code, new TextDecoder().decode(bytes.subarray(2))].filter(Boolean).join(" · ");
}

function isPrintable(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte >= 0x20 && byte < 0x7f);
}

/** What gives a row its colour. */
export function toneOf(event: WireEvent): "sent" | "received" | "control" | "handshake" | "end" | "failed" {
  if (event.kind === "end") return event.wasClean ? "end" : "failed";
  if (event.kind === "response") return event.status === 101 ? "handshake" : "failed";
  if (event.kind === "request") return "handshake";
  return event.opcode >= 8 ? "control" : event.direction;
}

export function isSent(event: WireEvent): boolean | undefined {
  if (event.kind === "frame") return event.direction === "sent";
  return event.kind === "end" ? undefined : event.kind === "request";
}
