import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { wordsOf } from "./buffer.js";
import { mask, nextMaskingKey, rotateKey } from "./masking.js";

const keys = fc.uint8Array({ minLength: 4, maxLength: 4 });

function keyOf(octets: Uint8Array): number {
  return Buffer.from(octets).readInt32LE(0);
}

/** [6455] 5.3 to the letter. */
function maskByTheLetter(bytes: Uint8Array, start: number, end: number, key: Uint8Array): void {
  for (let i = start; i < end; i++) bytes[i] = (bytes[i] as number) ^ (key[(i - start) % 4] as number);
}

describe("mask", () => {
  it("masks the example of [6455] 5.7", () => {
    const bytes = Buffer.from("Hello");
    mask(bytes, wordsOf(bytes), 0, 5, keyOf(Uint8Array.of(0x37, 0xfa, 0x21, 0x3d)));
    assert.equal(bytes.toString("hex"), "7f9f4d5158");
  });

  it("does what the standard says at every alignment, offset and length, and nothing outside", () => {
    const key = Uint8Array.of(0x81, 0x02, 0xf4, 0x38);
    for (let base = 0; base < 8; base++) {
      for (let start = 0; start < 6; start++) {
        for (let length = 0; length < 20; length++) {
          const memory = Uint8Array.from({ length: 40 }, (_, i) => 7 * i);
          const expected = memory.slice();
          maskByTheLetter(expected, base + start, base + start + length, key);
          const bytes = memory.subarray(base, base + 30);
          mask(bytes, wordsOf(bytes), start, start + length, keyOf(key));
          assert.deepEqual(memory, expected, `base ${base}, start ${start}, length ${length}`);
        }
      }
    }
  });

  it("stays inside memory whose size is no multiple of four", () => {
    for (let size = 1; size < 12; size++) {
      const bytes = new Uint8Array(size);
      const key = Uint8Array.of(1, 2, 3, 4);
      const expected = new Uint8Array(size);
      maskByTheLetter(expected, 0, size, key);
      mask(bytes, wordsOf(bytes), 0, size, keyOf(key));
      assert.deepEqual(bytes, expected);
    }
  });

  it("undoes itself", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.nat(7), keys, (payload, offset, key) => {
        const bytes = new Uint8Array(payload.length + offset).subarray(offset);
        bytes.set(payload);
        for (let i = 0; i < 2; i++) mask(bytes, wordsOf(bytes), 0, bytes.length, keyOf(key));
        assert.deepEqual(bytes, new Uint8Array(payload));
      }),
    );
  });
});

describe("rotateKey", () => {
  it("lets a payload be masked in pieces, however it is cut", () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 50 })), keys, (pieces, key) => {
        const whole = new Uint8Array(Buffer.concat(pieces));
        maskByTheLetter(whole, 0, whole.length, key);
        let turned = keyOf(key);
        const masked = pieces.map((piece) => {
          const bytes = new Uint8Array(piece);
          mask(bytes, wordsOf(bytes), 0, bytes.length, turned);
          turned = rotateKey(turned, bytes.length);
          return bytes;
        });
        assert.deepEqual(new Uint8Array(Buffer.concat(masked)), whole);
      }),
    );
  });
});

describe("nextMaskingKey", () => {
  it("gives a fresh key each time, over several blocks of them, each byte taking every value", () => {
    const drawn = Array.from({ length: 10_000 }, nextMaskingKey);
    assert.ok(drawn.every(Number.isInteger));
    // Of 10,000 random keys of 32 bits, 100 alike would be a chance of less than 10^-300.
    assert.ok(new Set(drawn).size > 9_900);
    for (const shift of [0, 8, 16, 24]) {
      assert.equal(new Set(drawn.map((key) => (key >>> shift) & 0xff)).size, 256);
    }
  });
});
