import type { Buffer } from "node:buffer";
import { constants, createDeflateRaw, deflateRawSync } from "node:zlib";
import { encodeFrame, textOpcode } from "./frame-encoding.js";
import type { Payload } from "./payload.js";

/** Whether the compression window is kept from one message to the next ([7692] 7.1.1). */
export type ContextTakeover = "takeover" | "no-takeover";

const tail = 4; // each message ends in 00 00 ff ff, which isn't sent ([7692] 7.2.1)

/**
 * Compressed frames of the payloads, in order. With context takeover a sequence may be sent over and over: the
 * first message refers to nothing before it, every other only to what the same pass has sent.
 */
export async function encodeDeflated(
  payloads: readonly Payload[],
  takeover: ContextTakeover,
  masked: boolean,
): Promise<Buffer[]> {
  const compressed =
    takeover === "takeover"
      ? await deflateTogether(payloads)
      : payloads.map(({ bytes }) => deflateRawSync(bytes, { finishFlush: constants.Z_SYNC_FLUSH }));
  return compressed.map((bytes) =>
    encodeFrame(bytes.subarray(0, -tail), { opcode: textOpcode, compressed: true, masked }),
  );
}

async function deflateTogether(payloads: readonly Payload[]): Promise<Buffer[]> {
  const deflate = createDeflateRaw();
  const results: Buffer[] = [];
  for (const { bytes } of payloads) {
    deflate.write(bytes);
    await new Promise<void>((resolve) => deflate.flush(constants.Z_SYNC_FLUSH, resolve));
    results.push(deflate.read() as Buffer);
  }
  deflate.close();
  return results;
}
