import { toBase64 } from "./base64.js";
import type { ConnectionEvent } from "./connection-event.js";

/** An event as one line of JSON: a payload is `text`, or `base64` where it is binary. */
export function toJsonLine(event: ConnectionEvent): string {
  if (event.kind !== "frame") return JSON.stringify(event);
  const { payload, ...rest } = event;
  if (payload === undefined) return JSON.stringify(rest);
  return JSON.stringify({
    ...rest,
    ...(typeof payload === "string" ? { text: payload } : { base64: toBase64(payload) }),
  });
}
