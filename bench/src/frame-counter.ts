import { Buffer } from "node:buffer";

/**
 * Counts the frames that a client sends, by their headers alone: for compressed messages, whose size on the wire is
 * the client's choice. Payloads are skipped, not looked at.
 */
export class FrameCounter {
  frames = 0;
  compressed = 0;
  bytes = 0;
  #skip = 0;
  #header: Buffer = Buffer.alloc(0);

  push(chunk: Buffer): void {
    this.bytes += chunk.length;
    let bytes = chunk;
    if (this.#header.length > 0) {
      bytes = Buffer.concat([this.#header, chunk]);
      this.#header = Buffer.alloc(0);
    }
    let at = this.#skip;
    while (at < bytes.length) {
      const length = frameLength(bytes, at);
      if (length === undefined) {
        this.#header = bytes.subarray(at);
        this.#skip = 0;
        return;
      }
      this.frames++;
      if (((bytes[at] ?? 0) & 0x40) !== 0) this.compressed++;
      at += length;
    }
    this.#skip = at - bytes.length;
  }
}

/** Of a masked frame, header and payload; undefined while its header isn't complete. */
function frameLength(bytes: Buffer, at: number): number | undefined {
  if (at + 2 > bytes.length) return undefined;
  const short = (bytes[at + 1] ?? 0) & 0x7f;
  if (short < 126) return 6 + short;
  if (short === 126) return at + 4 > bytes.length ? undefined : 8 + bytes.readUInt16BE(at + 2);
  return at + 10 > bytes.length ? undefined : 14 + Number(bytes.readBigUInt64BE(at + 2));
}
