import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { huffmanLengths } from "./huffman-lengths.js";

/** The bits that Huffman's own method needs, with nothing but its definition: join the two rarest, again and again. */
function leastCost(frequencies: readonly number[]): number {
  const weights = frequencies.filter((frequency) => frequency > 0);
  let cost = 0;
  while (weights.length > 1) {
    weights.sort((a, b) => a - b);
    const joined = (weights[0] as number) + (weights[1] as number);
    weights.splice(0, 2, joined);
    cost += joined;
  }
  return cost;
}

/** Frequencies that grow like Fibonacci's numbers make the deepest tree. */
const frequencies = fc.oneof(
  fc.array(fc.integer({ min: 0, max: 2000 }), { minLength: 2, maxLength: 286, size: "max" }),
  fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 2, maxLength: 286, size: "max" }),
  fc.array(
    fc.integer({ min: 0, max: 20 }).map((n) => Math.floor(1.7 ** n)),
    { minLength: 2, maxLength: 30 },
  ),
);

function lengthsOf(list: readonly number[], maxLength: number): Uint8Array {
  const lengths = new Uint8Array(list.length).fill(99);
  huffmanLengths(Int32Array.from(list), list.length, maxLength, lengths);
  return lengths;
}

describe("huffmanLengths", () => {
  it("makes a complete code for exactly the symbols in use, within the limit", () => {
    fc.assert(
      fc.property(frequencies, fc.integer({ min: 9, max: 15 }), (list, maxLength) => {
        const lengths = lengthsOf(list, maxLength);
        const used = list.filter((frequency) => frequency > 0).length;
        let codespace = 0;
        lengths.forEach((length, i) => {
          assert.equal(length > 0, list[i] !== 0);
          assert.ok(length <= maxLength);
          if (length > 0) codespace += 2 ** -length;
        });
        assert.equal(codespace, used === 0 ? 0 : used === 1 ? 0.5 : 1);
      }),
    );
  });

  it("needs as few bits as Huffman's method, where the limit does not bind", () => {
    fc.assert(
      fc.property(frequencies, (list) => {
        const lengths = lengthsOf(list, 30);
        if (list.filter((frequency) => frequency > 0).length < 2) return;
        const cost = list.reduce((sum, frequency, i) => sum + frequency * (lengths[i] as number), 0);
        assert.equal(cost, leastCost(list));
      }),
    );
  });

  it("cuts a tree that is too deep", () => {
    const list = [1, 1, 2, 3, 5, 8, 13, 21, 34, 55, 89, 144];
    assert.equal(Math.max(...lengthsOf(list, 15)), 11);
    const lengths = lengthsOf(list, 7);
    assert.equal(Math.max(...lengths), 7);
    assert.equal(
      lengths.reduce((sum, length) => sum + 2 ** -length, 0),
      1,
    );
  });
});
