import type { SendData } from "./environment.js";

/** What the standard's `send` makes of its argument. */
export function toMessage(data: unknown): SendData {
  return data instanceof ArrayBuffer || ArrayBuffer.isView(data) || data instanceof Blob ? data : `${data}`;
}

/** The message as it is now: the application may go on using its buffer. */
export function snapshot(message: SendData): SendData {
  // Node's Buffer has a `slice` that copies nothing.
  if (ArrayBuffer.isView(message)) {
    return new Uint8Array(message.buffer, message.byteOffset, message.byteLength).slice();
  }
  return message.slice(0);
}

export function byteLength(message: SendData): number {
  return new Blob([message as string]).size;
}
