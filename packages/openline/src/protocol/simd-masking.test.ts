import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import fc from "fast-check";
import wabt from "wabt";
import { wordsOf } from "./buffer.js";
import { mask } from "./masking.js";
import { SimdMemory, simdMaskingModule } from "./simd-masking.js";

describe("SimdMemory", () => {
  it("is what its source says", async () => {
    const source = new URL("../../src/protocol/simd-masking.wat", import.meta.url);
    const { parseWat } = await wabt();
    const { buffer } = parseWat("simd-masking.wat", readFileSync(source, "utf8"), { simd: true }).toBinary(
      {},
    );
    assert.equal(simdMaskingModule.toString("hex"), Buffer.from(buffer).toString("hex"));
  });

  it("has as much memory as was asked for, in whole pages", () => {
    assert.equal(new SimdMemory(1).bytes.length, 65_536);
    assert.equal(new SimdMemory(65_537).bytes.length, 131_072);
  });

  it("masks as the loop over words does, and nothing outside", () => {
    const memory = new SimdMemory(1024);
    const plain = Buffer.alloc(memory.bytes.length);
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 400, maxLength: 400 }),
        fc.nat(100),
        fc.nat(300),
        fc.integer(),
        (content, start, length, key) => {
          for (const bytes of [memory.bytes, plain]) bytes.set(content);
          memory.mask(start, start + length, key);
          mask(plain, wordsOf(plain), start, start + length, key);
          assert.ok(memory.bytes.equals(plain));
        },
      ),
    );
  });

  it("masks no byte beyond its memory", () => {
    const { length } = new SimdMemory(1).bytes;
    const memory = new SimdMemory(1);
    memory.mask(length - 70, length, 0x01020304);
    assert.throws(() => memory.mask(length - 3, length + 64, 1), { name: "RuntimeError" });
  });
});
