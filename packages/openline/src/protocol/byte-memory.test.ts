import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { asBytes, type Bytes } from "./buffer.js";
import { type ByteMemory, LoopMemory } from "./byte-memory.js";
import { memoryOf, readMemory } from "./read-memory.js";
import { SimdMemory } from "./simd-memory.js";

interface Stretch {
  readonly bytes: Bytes;
  readonly memory: ByteMemory;
}

const size = 6000;

/** Memory of each kind, as it lies in programs: the second part of SIMD memory doesn't begin at its start. */
const kinds: Readonly<Record<string, () => Stretch>> = {
  "loops, at a multiple of four": () => looped(0),
  "loops, one byte off": () => looped(1),
  "loops, three bytes off": () => looped(3),
  SIMD: () => simd(0),
  "SIMD, further on": () => simd(4096),
};

function looped(offset: number): Stretch {
  const bytes = asBytes(Buffer.alloc(size + offset).subarray(offset));
  return { bytes, memory: new LoopMemory(bytes) };
}

function simd(before: number): Stretch {
  const whole = new SimdMemory(before + size);
  whole.take(before);
  const memory = whole.take(size);
  assert.ok(memory);
  return { bytes: memory.bytes, memory };
}

for (const [name, make] of Object.entries(kinds)) {
  describe(`ByteMemory: ${name}`, () => {
    it("finds a high byte at every place, alignment and length, and none outside its range", () => {
      const { bytes, memory } = make();
      for (const length of [1, 2, 3, 4, 5, 7, 8, 13, 15, 16, 31, 32, 33, 47, 511, 513, 2048, 2049]) {
        for (let start = 64; start < 69; start++) {
          const end = start + length;
          bytes.fill(0xff);
          bytes.fill(0x7f, start, end);
          assert.ok(memory.isAscii(start, end), `${length} bytes from ${start}`);
          const step = length > 100 ? 37 : 1;
          for (let i = start; i < end; i += step) {
            bytes[i] = 0x80;
            assert.ok(!memory.isAscii(start, end), `${i} in ${length} bytes from ${start}`);
            bytes[i] = 0x7f;
          }
          for (const at of [start, end - 1]) {
            bytes[at] = 0xc3;
            assert.ok(!memory.isAscii(start, end));
            bytes[at] = 0;
          }
        }
      }
    });

    it("takes nothing for ASCII", () => {
      const { bytes, memory } = make();
      bytes.fill(0xff);
      for (let i = 0; i < 8; i++) assert.ok(memory.isAscii(i, i));
      assert.ok(memory.isAscii(size, size));
    });

    it("looks at the last bytes that there are", () => {
      const { bytes, memory } = make();
      for (const length of [1, 2, 3, 4, 5, 64, 600]) {
        assert.ok(memory.isAscii(size - length, size));
        bytes[size - 1] = 0x80;
        assert.ok(!memory.isAscii(size - length, size));
        bytes[size - 1] = 0;
      }
    });

    it("masks as one byte after the other would be, and nothing outside", () => {
      const { bytes, memory } = make();
      fc.assert(
        fc.property(
          fc.uint8Array({ minLength: 700, maxLength: 700 }),
          fc.nat(100),
          fc.nat(600),
          fc.integer(),
          (content, start, length, key) => {
            bytes.set(content);
            memory.mask(start, start + length, key);
            const expected = Buffer.from(content);
            for (let i = 0; i < length; i++) {
              const at = start + i;
              expected[at] = (expected[at] as number) ^ (key >>> ((i & 3) << 3));
            }
            assert.ok(bytes.subarray(0, 700).equals(expected));
          },
        ),
      );
    });
  });
}

describe("memoryOf", () => {
  it("knows the memory that sockets are read into, and takes loops for any other", () => {
    const packet = asBytes(readMemory().subarray(0, 100));
    assert.equal(memoryOf(packet), memoryOf(readMemory()));
    assert.ok(!(memoryOf(packet) instanceof LoopMemory));
    assert.ok(memoryOf(asBytes(readMemory().subarray(4))) instanceof LoopMemory);
    assert.ok(memoryOf(asBytes(Buffer.alloc(10))) instanceof LoopMemory);
  });
});
