/** Frames as a server writes them, the broken ones too: nothing here checks anything. */
export interface FrameOptions {
  readonly fin?: boolean;
  readonly rsv?: number;
  readonly mask?: boolean;
  /** How the payload length is written, whether or not it is the shortest form. */
  readonly lengthForm?: "7" | "16" | "64";
}

export function frame(opcode: number, payload: string | Uint8Array = "", options: FrameOptions = {}): Buffer {
  const body = Buffer.from(payload);
  const { fin = true, rsv = 0, mask = false } = options;
  const form = options.lengthForm ?? (body.length < 126 ? "7" : body.length < 65536 ? "16" : "64");
  const first = (fin ? 0x80 : 0) | (rsv << 4) | opcode;
  const maskBit = mask ? 0x80 : 0;
  const length = Buffer.alloc(form === "7" ? 0 : form === "16" ? 2 : 8);
  if (form === "16") length.writeUInt16BE(body.length);
  if (form === "64") length.writeBigUInt64BE(BigInt(body.length));
  const second = maskBit | (form === "7" ? body.length : form === "16" ? 126 : 127);
  // A key of zeros masks without changing the bytes.
  return Buffer.concat([Buffer.from([first, second]), length, Buffer.alloc(mask ? 4 : 0), body]);
}

export const text = (payload: string | Uint8Array, options?: FrameOptions): Buffer =>
  frame(0x1, payload, options);

export const binary = (payload: Uint8Array, options?: FrameOptions): Buffer => frame(0x2, payload, options);

export const continuation = (payload: string | Uint8Array, options?: FrameOptions): Buffer =>
  frame(0x0, payload, options);

export const ping = (payload = "", options?: FrameOptions): Buffer => frame(0x9, payload, options);

export const pong = (payload = ""): Buffer => frame(0xa, payload);

export function close(code?: number, reason: string | Uint8Array = ""): Buffer {
  if (code === undefined) return frame(0x8);
  const body = Buffer.alloc(2);
  body.writeUInt16BE(code);
  return frame(0x8, Buffer.concat([body, Buffer.from(reason)]));
}
