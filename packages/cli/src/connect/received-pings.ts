import { subscribe, unsubscribe } from "node:diagnostics_channel";
import type { FrameTrace } from "openline";

const ping = 9;

/**
 * Pings that come in, which the object doesn't tell of. All connections of this process are the command's.
 * @returns ends that.
 */
export function onReceivedPing(listener: (payload: Uint8Array) => void): () => void {
  const onFrame = (message: unknown): void => {
    const { direction, opcode, payload } = message as FrameTrace;
    if (direction !== "received" || opcode !== ping) return;
    const isView = ArrayBuffer.isView(payload);
    listener(isView ? Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength) : new Uint8Array());
  };
  subscribe("openline:frame", onFrame);
  return () => unsubscribe("openline:frame", onFrame);
}
