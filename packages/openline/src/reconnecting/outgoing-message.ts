import type { SendData } from "./environment.js";

const encoder = new TextEncoder();

/** What the standard's `send` makes of its argument. */
export function toMessage(data: unknown): SendData {
  return isBinary(data) || data instanceof Blob ? data : `${data}`;
}

export function byteLength(message: SendData): number {
  if (typeof message === "string") return encoder.encode(message).length;
  return message instanceof Blob ? message.size : message.byteLength;
}

/** The message as it is now: the application may go on using its buffer. */
export function snapshot(message: SendData): SendData {
  if (ArrayBuffer.isView(message)) {
    return new Uint8Array(message.buffer, message.byteOffset, message.byteLength).slice();
  }
  return isBinary(message) ? message.slice(0) : message;
}

function isBinary(data: unknown): data is ArrayBuffer | ArrayBufferView {
  return ArrayBuffer.isView(data) || data instanceof ArrayBuffer;
}
