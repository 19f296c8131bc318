import { toBase64 } from "../../../src/recording/base64.js";
import type { HarConnection } from "../../../src/recording/har-reader.js";
import { inTimeOrder } from "../../../src/recording/recorded-connection.js";
import type { WireEvent } from "../../../src/workbench/control-protocol.js";

/** What an archive tells, as the line would have told it: for the timeline, with all payloads. */
export function wireEvents(connections: readonly HarConnection[]): WireEvent[] {
  const frames = new Map<number, number>();
  return inTimeOrder(connections).map((event): WireEvent => {
    if (event.kind !== "frame") return event;
    const frame = frames.get(event.connection) ?? 0;
    frames.set(event.connection, frame + 1);
    const { payload, ...rest } = event;
    if (payload === undefined) return { ...rest, frame };
    if (typeof payload === "string") {
      return { ...rest, frame, data: { text: payload }, size: new TextEncoder().encode(payload).length };
    }
    return { ...rest, frame, data: { base64: toBase64(payload) }, size: payload.length };
  });
}
