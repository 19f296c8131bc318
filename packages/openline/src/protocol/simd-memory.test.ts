import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import wabt from "wabt";
import { SimdMemory, simdModule } from "./simd-memory.js";

describe("SimdMemory", () => {
  it("is what its source says", async () => {
    const source = new URL("../../src/protocol/simd-memory.wat", import.meta.url);
    const { parseWat } = await wabt();
    const { buffer } = parseWat("simd-memory.wat", readFileSync(source, "utf8"), { simd: true }).toBinary({});
    assert.equal(simdModule.toString("hex"), Buffer.from(buffer).toString("hex"));
  });

  it("gives out what there is, in whole pages, and no byte twice", () => {
    const memory = new SimdMemory(65_537);
    const parts = [65_536, 65_532, 4].map((size) => memory.take(size)?.bytes);
    for (const [index, bytes] of parts.entries()) bytes?.fill(index + 1);
    assert.deepEqual(
      parts.map((bytes, index) => bytes?.every((byte) => byte === index + 1)),
      [true, true, true],
    );
    assert.equal(memory.take(4), undefined);
  });

  it("masks no byte beyond its memory", () => {
    const memory = new SimdMemory(1).take(65_536);
    assert.ok(memory);
    memory.mask(65_536 - 300, 65_536, 0x01020304);
    assert.throws(() => memory.mask(65_536 - 300, 65_536 + 64, 1), { name: "RuntimeError" });
  });
});
