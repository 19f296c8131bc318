import { connectionInfo, type WebSocket } from "openline";
import { now } from "../terminal/quantities.js";
import type { End } from "./conversation.js";

// What `--json` writes: docs/command-line.md describes it. A field may be added; none changes its meaning.

/** An event as `--json` writes it. */
export type JsonEvent = Readonly<Record<string, unknown>> & { readonly event: string };

export function openEvent(connection: WebSocket): JsonEvent {
  const { protocol, extensions } = connection;
  const { remoteAddress, remotePort, httpVersion } = connectionInfo(connection);
  return { event: "open", protocol, extensions, httpVersion, remoteAddress, remotePort };
}

export function messageEvent(data: string | ArrayBuffer): JsonEvent {
  if (typeof data === "string") {
    return { event: "message", type: "text", size: Buffer.byteLength(data), data };
  }
  const base64 = Buffer.from(data).toString("base64");
  return { event: "message", type: "binary", size: data.byteLength, base64 };
}

export function pingEvent(payload: Uint8Array): JsonEvent {
  return { event: "ping", size: payload.length, base64: Buffer.from(payload).toString("base64") };
}

export function reconnectingEvent(attempt: number, delay: number, end: End): JsonEvent {
  return { event: "reconnecting", attempt, delay, cause: closeFields(end) };
}

export function lostEvent(count: number): JsonEvent {
  return { event: "lost", count };
}

/** `error`, where something was wrong, and `close`. */
export function endEvents(end: End): JsonEvent[] {
  const { error } = end;
  const close = { event: "close", ...closeFields(end) };
  if (error === undefined) return [close];
  return [{ event: "error", code: error.code, message: error.message }, close];
}

function closeFields({ code, reason, wasClean }: End): object {
  return { code, reason, wasClean };
}

/**
 * An event as a line.
 * @param isTerminal whether it is shown on a terminal: then nothing in it may drive that.
 */
export function jsonLine({ event, ...fields }: JsonEvent, isTerminal: boolean): string {
  const line = JSON.stringify({ event, time: Math.round(now() * 1000) / 1000, ...fields });
  return isTerminal ? asciiOnly(line) : line;
}

function asciiOnly(json: string): string {
  return json.replace(/[\x7f-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
