/** A frame as the server read it, unmasked. */
export interface ClientFrame {
  readonly fin: boolean;
  readonly rsv: number;
  readonly opcode: number;
  readonly masked: boolean;
  readonly payload: Buffer;
}

/** The first frame in `bytes` and how many bytes it takes, or `undefined` while it is not complete. */
export function readClientFrame(bytes: Buffer): { frame: ClientFrame; size: number } | undefined {
  const [first, second] = bytes;
  if (first === undefined || second === undefined) return undefined;
  const masked = (second & 0x80) !== 0;
  const short = second & 0x7f;
  const lengthSize = short === 127 ? 8 : short === 126 ? 2 : 0;
  const start = 2 + lengthSize + (masked ? 4 : 0);
  if (bytes.length < start) return undefined;
  const length =
    lengthSize === 8 ? Number(bytes.readBigUInt64BE(2)) : lengthSize === 2 ? bytes.readUInt16BE(2) : short;
  if (bytes.length < start + length) return undefined;
  const payload = Buffer.from(bytes.subarray(start, start + length));
  if (masked) {
    const key = bytes.subarray(start - 4, start);
    for (let at = 0; at < length; at++) payload[at] = (payload[at] ?? 0) ^ (key[at % 4] ?? 0);
  }
  const frame = { fin: (first & 0x80) !== 0, rsv: (first >> 4) & 0x7, opcode: first & 0xf, masked, payload };
  return { frame, size: start + length };
}
