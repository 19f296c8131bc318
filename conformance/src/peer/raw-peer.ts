import assert from "node:assert/strict";
import { isUtf8 } from "node:buffer";
import type { ByteChannel } from "./byte-channel.js";
import { decodeFrame, encodeFrame, type Frame, Opcode, type ReadFrame, toBytes } from "./frame-codec.js";
import type { PeerCompression } from "./peer-compression.js";

export type Data = string | Uint8Array;

export interface ReadMessage {
  readonly data: string | Buffer;
  readonly frames: number;
  readonly compressed: boolean;
  /** Whether the compressed message refers to bytes of an earlier one. */
  readonly referredBack: boolean;
}

/**
 * The other end of the connection, on plain TCP. It sends whatever a case asks for, legal or not, and holds every
 * frame that it receives against the rules for a sender.
 */
export class RawPeer {
  readonly channel: ByteChannel;
  readonly #isClient: boolean;
  readonly #compression: PeerCompression | undefined;
  /** The mask keys of all frames received so far. */
  readonly maskKeys: number[] = [];

  constructor(channel: ByteChannel, isClient: boolean, compression: PeerCompression | undefined) {
    this.channel = channel;
    this.#isClient = isClient;
    this.#compression = compression;
  }

  async send(frames: readonly Frame[], cut?: number): Promise<void> {
    await this.channel.write(Buffer.concat(frames.map((frame) => encodeFrame(frame, this.#isClient))), cut);
  }

  /** A compressed message as frames of at most `fragmentSize` bytes; the first one carries RSV1. [7692] 6.1 */
  compress(data: Data, fragmentSize = Number.POSITIVE_INFINITY): Frame[] {
    assert.ok(this.#compression, "no compression was negotiated");
    const bytes = this.#compression.encoder.compress(toBytes(data));
    const frames: Frame[] = [];
    for (let at = 0; at === 0 || at < bytes.length; at += fragmentSize) {
      const payload = bytes.subarray(at, at + fragmentSize);
      const opcode = at > 0 ? Opcode.Continuation : typeof data === "string" ? Opcode.Text : Opcode.Binary;
      frames.push({ opcode, payload, fin: at + fragmentSize >= bytes.length, rsv: at === 0 ? 4 : 0 });
    }
    return frames;
  }

  /** Whether the message compressed last refers to bytes of an earlier one. */
  get referredBack(): boolean {
    return this.#compression?.encoder.referredBack ?? false;
  }

  /** The next frame, or null where the connection has ended. */
  async readFrame(what: string): Promise<ReadFrame | null> {
    const frame = await this.channel.read(what, decodeFrame);
    if (frame !== null) this.#check(frame);
    return frame;
  }

  /** The next message, its fragments put together. */
  async readMessage(what: string): Promise<ReadMessage> {
    const fragments: ReadFrame[] = [];
    for (let last: ReadFrame | undefined; last?.fin !== true; fragments.push(last)) {
      const frame = await this.readFrame(what);
      assert.ok(frame, `the connection ended instead of ${what}`);
      assert.ok(frame.opcode < 8, `a control frame ${describe(frame)} instead of ${what}`);
      assert.equal(
        frame.opcode === Opcode.Continuation,
        fragments.length > 0,
        "continuation where there is a start",
      );
      assert.ok(fragments.length === 0 || frame.rsv === 0, "RSV1 on the first frame only");
      last = frame;
    }
    const compressed = fragments[0]?.rsv === 4;
    const payload = Buffer.concat(fragments.map((fragment) => fragment.payload));
    const decoder = this.#compression?.decoder;
    const bytes = compressed && decoder ? decoder.decompress(payload) : payload;
    const isText = fragments[0]?.opcode === Opcode.Text;
    if (isText) assert.ok(isUtf8(bytes), "sent text is UTF-8");
    return {
      data: isText ? bytes.toString("utf8") : bytes,
      frames: fragments.length,
      compressed,
      referredBack: compressed && decoder?.referredBack === true,
    };
  }

  #check(frame: ReadFrame): void {
    // [6455] 5.1: a client masks every frame, a server none.
    assert.equal(frame.maskKey !== undefined, !this.#isClient, `masking of ${describe(frame)}`);
    if (frame.maskKey !== undefined) this.maskKeys.push(frame.maskKey);
    assert.ok(frame.shortestLength, `length in its shortest form: ${describe(frame)}`);
    assert.ok([0, 1, 2, 8, 9, 10].includes(frame.opcode), `known opcode: ${describe(frame)}`);
    const mayCompress = this.#compression !== undefined && frame.opcode < 8;
    assert.ok(frame.rsv === 0 || (mayCompress && frame.rsv === 4), `reserved bits: ${describe(frame)}`);
    if (frame.opcode >= 8) {
      assert.ok(frame.fin && frame.payload.length <= 125, `control frame in one piece: ${describe(frame)}`);
    }
    if (frame.opcode === Opcode.Close && frame.payload.length > 0) {
      assert.notEqual(frame.payload.length, 1, "close body of 0 or at least 2 bytes");
      assert.ok(isUtf8(frame.payload.subarray(2)), "close reason is UTF-8");
      const code = frame.payload.readUInt16BE(0);
      assert.ok(
        code >= 1000 && ![1004, 1005, 1006, 1015].includes(code),
        `close code that may be sent: ${code}`,
      );
    }
  }
}

export function describe(frame: ReadFrame): string {
  const { fin, rsv, opcode, payload } = frame;
  const shown = payload.length > 40 ? `${payload.toString("hex", 0, 40)}…` : payload.toString("hex");
  return `{fin ${fin}, rsv ${rsv}, opcode ${opcode}, ${payload.length} bytes: ${shown}}`;
}
