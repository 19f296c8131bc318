import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { asBytes, type Bytes } from "./buffer.js";
import { GatheredPayload } from "./gathered-payload.js";

/** Gathers `pieces` as a message of one frame, or as one fragment each. */
function gather(pieces: readonly Uint8Array[], fragmented: boolean) {
  const gathered = new GatheredPayload();
  const memories = new Set<Bytes>();
  let remaining = pieces.reduce((sum, { length }) => sum + length, 0);
  for (const [i, piece] of pieces.entries()) {
    const final = !fragmented || i === pieces.length - 1;
    gathered.reserve(piece.length, fragmented ? piece.length : remaining, final);
    gathered.append(asBytes(piece), 0, piece.length);
    memories.add(gathered.bytes);
    remaining -= piece.length;
  }
  return { gathered, memories: [...memories] };
}

const mebibyte = 1024 * 1024;

describe("GatheredPayload", () => {
  it("gives the pieces in one, in memory of its own that is not a byte longer", () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 50 })), fc.boolean(), (pieces, fragmented) => {
        const buffer = gather(pieces, fragmented).gathered.toArrayBuffer();
        assert.deepEqual(Buffer.from(buffer), Buffer.concat(pieces));
        assert.ok(pieces.every((piece) => piece.buffer !== buffer));
      }),
    );
  });

  it("appends ranges", () => {
    const gathered = new GatheredPayload();
    const source = asBytes(Buffer.from("0123456789"));
    gathered.reserve(3, 3, false);
    gathered.append(source, 2, 5);
    gathered.reserve(1, 1, true);
    gathered.append(source, 9, 10);
    assert.equal(Buffer.from(gathered.toArrayBuffer()).toString(), "2349");
  });

  it("needs no copy of a message whose length was known", () => {
    const { gathered, memories } = gather(Array(100).fill(Buffer.alloc(1000, 1)), false);
    assert.equal(memories.length, 1);
    assert.equal(gathered.toArrayBuffer(), memories[0]?.buffer);
  });

  it("copies no byte more than twice on average, however many the pieces", () => {
    for (const fragmented of [false, true]) {
      const pieces = Array(16 * 1024).fill(Buffer.alloc(256));
      const { memories } = gather(pieces, fragmented);
      // What has been gathered is copied whenever memory is taken, and that is at most what was there before.
      const copied = memories.slice(0, -1).reduce((sum, { length }) => sum + length, 0);
      assert.ok(copied <= 2 * 4 * mebibyte, `${copied} bytes`);
      assert.ok(memories.length < 20);
    }
  });

  it("believes no header that announces more than comes", () => {
    const gathered = new GatheredPayload();
    gathered.reserve(10, 2 ** 40, true);
    assert.ok(gathered.bytes.length <= mebibyte);
    gathered.append(asBytes(Buffer.alloc(10)), 0, 10);
    gathered.reserve(2 * mebibyte, 2 ** 40, true);
    assert.ok(gathered.bytes.length <= 4 * mebibyte);
  });

  it("gives memory back that is only read, and takes it again", () => {
    const places = new Set<ArrayBufferLike>();
    for (let i = 0; i < 20; i++) {
      const gathered = new GatheredPayload(true);
      const text = `text ${i}`;
      gathered.reserve(text.length, text.length, true);
      gathered.append(Buffer.from(text) as Bytes, 0, text.length);
      assert.equal(gathered.bytes.latin1Slice(0, gathered.length), text);
      places.add(gathered.bytes.buffer);
      gathered.release();
    }
    assert.equal(places.size, 1);
  });
});
