import { toBase64 } from "./base64.js";
import type { ConnectionEvent } from "./connection-event.js";

/**
 * An event as one line of JSON: a payload is `data` where it is text, else `base64`.
 * @param isTerminal whether it is shown on a terminal: then nothing in it may drive that.
 */
export function toJsonLine(event: ConnectionEvent, isTerminal: boolean): string {
  const line = JSON.stringify(event.kind === "frame" ? withData(event) : event);
  if (!isTerminal) return line;
  return line.replace(/[\x7f-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

function withData({ payload, ...frame }: Extract<ConnectionEvent, { kind: "frame" }>): object {
  if (payload === undefined) return frame;
  return typeof payload === "string" ? { ...frame, data: payload } : { ...frame, base64: toBase64(payload) };
}
