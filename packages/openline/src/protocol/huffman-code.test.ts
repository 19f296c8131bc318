import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { HuffmanCode } from "./huffman-code.js";
import { HuffmanCodewords } from "./huffman-codewords.js";
import { huffmanLengths } from "./huffman-lengths.js";

const SYMBOLS = 286;
const entries = Int32Array.from({ length: SYMBOLS }, (_, i) => i << 16);

function codeFor(lengths: Uint8Array, incompleteAllowed = true): HuffmanCode | null {
  const code = new HuffmanCode(entries, 9);
  // what an earlier code left must not show
  code.assign(new Uint8Array(SYMBOLS).fill(8, 0, 256), 0, SYMBOLS, false);
  return code.assign(lengths, 0, lengths.length, incompleteAllowed) ? code : null;
}

describe("HuffmanCode", () => {
  it("finds each codeword, whatever follows, by lookup and in the plain way alike", () => {
    const frequencies = fc.array(
      fc.integer({ min: 0, max: 22 }).map((n) => Math.floor(1.7 ** n)),
      { minLength: 3, maxLength: SYMBOLS, size: "max" },
    );
    fc.assert(
      fc.property(frequencies, fc.nat(0x7fff), (list, following) => {
        const lengths = new Uint8Array(list.length);
        huffmanLengths(Int32Array.from(list), list.length, 15, lengths);
        const code = codeFor(lengths);
        assert.ok(code);
        const { codewords } = new HuffmanCodewords(lengths.length, lengths);
        lengths.forEach((length, symbol) => {
          if (length === 0) return;
          const bits = ((codewords[symbol] as number) >> 4) | (following << length);
          const expected = (symbol << 16) | length;
          assert.equal(code.find(bits), expected);
          assert.equal(code.lookup[bits & 511], length <= 9 ? expected : 0);
        });
      }),
    );
  });

  it("refuses a code that is over-subscribed", () => {
    assert.equal(codeFor(Uint8Array.of(1, 1, 1)), null);
    assert.equal(codeFor(Uint8Array.of(1, 2, 3, 3, 15)), null);
  });

  it("refuses a code that is incomplete", () => {
    assert.equal(codeFor(Uint8Array.of(1, 2)), null);
    assert.equal(codeFor(Uint8Array.of(2)), null);
    assert.equal(codeFor(Uint8Array.of(1), false), null);
    assert.equal(codeFor(Uint8Array.of(0), false), null);
  });

  it("takes a code of a single bit, whose other codeword means nothing", () => {
    const code = codeFor(Uint8Array.of(0, 1));
    assert.ok(code);
    assert.equal(code.lookup[0b1110], (1 << 16) | 1);
    assert.equal(code.lookup[0b0001], 0);
    assert.equal(code.find(0b0001), 0);
  });

  it("takes an empty code, in which nothing can be found", () => {
    const code = codeFor(Uint8Array.of(0, 0, 0));
    assert.ok(code);
    assert.ok(code.lookup.every((entry) => entry === 0));
    assert.equal(code.find(0), 0);
  });
});
