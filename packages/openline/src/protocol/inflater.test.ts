import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { constants, deflateRawSync, inflateRawSync } from "node:zlib";
import fc from "fast-check";
import { CloseCode } from "./close-code.js";
import { ConnectionError, type ConnectionErrorCode } from "./connection-error.js";
import { CODE_LENGTH_ORDER } from "./deflate-alphabet.js";
import { Inflater, ZLIB_FROM } from "./inflater.js";

const TAIL = Buffer.of(0, 0, 0xff, 0xff);
const FINAL_BLOCK = Buffer.of(3, 0);
const ENOUGH = 2 ** 31;

function hex(text: string): Buffer {
  return Buffer.from(text.replaceAll(" ", ""), "hex");
}

function fresh(contextTakeover = true, windowBits = 15): Inflater {
  return new Inflater({ windowBits, contextTakeover });
}

function inflate(inflater: Inflater, data: Uint8Array, limit = ENOUGH): Buffer {
  return Buffer.from(inflater.inflate(data, 0, data.length, limit));
}

function deflate(text: string | Uint8Array, level = 6, history?: Uint8Array, windowBits = 15): Buffer {
  const deflated = deflateRawSync(text, {
    level,
    windowBits,
    finishFlush: constants.Z_SYNC_FLUSH,
    ...(history !== undefined && history.length > 0 ? { dictionary: history } : null),
  });
  assert.deepEqual(deflated.subarray(-4), TAIL);
  return deflated.subarray(0, -4);
}

/** A final stored block, so that it shows if a message that was cut short goes on into it. */
const MARK = Buffer.from("the mark");
const MARK_BLOCK = Buffer.concat([Buffer.of(1, MARK.length, 0, ~MARK.length, 0xff), MARK]);

/** zlib's verdict on a message: what it inflates to, or null. A stream that ends early is followed by the next one. */
function verdictOfZlib(data: Uint8Array, history: Uint8Array): Buffer | null {
  let rest = Buffer.concat([data, TAIL, MARK_BLOCK]);
  let output = Buffer.alloc(0);
  for (;;) {
    const dictionary = Buffer.concat([history, output]).subarray(-32768);
    try {
      const { buffer, engine } = inflateRawSync(rest, {
        info: true,
        ...(dictionary.length > 0 ? { dictionary } : null),
      }) as unknown as { buffer: Buffer; engine: { bytesWritten: number } };
      output = Buffer.concat([output, buffer]);
      rest = rest.subarray(engine.bytesWritten);
    } catch {
      return null;
    }
    if (rest.length === 0)
      return output.subarray(-MARK.length).equals(MARK) ? output.subarray(0, -MARK.length) : null;
    if (rest.length < MARK_BLOCK.length) return null;
    if (rest.length <= TAIL.length + MARK_BLOCK.length) return output;
  }
}

function fails(code: ConnectionErrorCode, closeCode: CloseCode, work: () => unknown): void {
  assert.throws(work, (error: unknown) => {
    assert.ok(error instanceof ConnectionError, String(error));
    assert.equal(error.code, code);
    assert.equal(error.closeCode, closeCode);
    return true;
  });
}

function failsAsInvalid(data: Uint8Array, inflater = fresh()): void {
  fails("ERR_WS_INVALID_DEFLATE", CloseCode.InvalidPayload, () => inflate(inflater, data));
}

function failsAsTooBig(data: Uint8Array, limit: number): void {
  fails("ERR_WS_MESSAGE_TOO_BIG", CloseCode.MessageTooBig, () => inflate(fresh(), data, limit));
}

/** Packs numbers, each given with its count of bits, lowest bit first. */
function packBits(...fields: readonly (readonly [value: number, bits: number])[]): Buffer {
  const bits = fields.flatMap(([value, count]) => Array.from({ length: count }, (_, i) => (value >> i) & 1));
  const bytes = Buffer.alloc(Math.ceil(bits.length / 8));
  bits.forEach((bit, i) => {
    bytes[i >> 3] = (bytes[i >> 3] as number) | (bit << (i & 7));
  });
  return bytes;
}

/**
 * The start of a dynamic block: the code lengths of its literals and lengths, then those of its distances, sent with a
 * code length code in which each length from 0 to 15 has its own four bits.
 */
function dynamicBlock(
  literalLengths: readonly number[],
  distances: readonly number[],
  ...data: [number, number][]
): Buffer {
  const reversed = (value: number) =>
    ((value & 1) << 3) | ((value & 2) << 1) | ((value & 4) >> 1) | ((value & 8) >> 3);
  return packBits(
    [0b100, 3],
    [literalLengths.length - 257, 5],
    [distances.length - 1, 5],
    [CODE_LENGTH_ORDER.length - 4, 4],
    ...[...CODE_LENGTH_ORDER].map((symbol): [number, number] => [symbol < 16 ? 4 : 0, 3]),
    ...[...literalLengths, ...distances].map((length): [number, number] => [reversed(length), 4]),
    ...data,
    [0, 3],
  );
}

function lengthsWith(size: number, set: Record<number, number>): number[] {
  return Array.from({ length: size }, (_, i) => set[i] ?? 0);
}

const jsonText = fc
  .array(fc.json(), { minLength: 1, maxLength: 8 })
  .map((parts) => Buffer.from(parts.join(",")));
const runs = fc
  .array(fc.tuple(fc.nat(255), fc.integer({ min: 1, max: 3000 })), { maxLength: 10 })
  .map((list) => Buffer.concat(list.map(([byte, count]) => Buffer.alloc(count, byte))));
const noise = fc.uint8Array({ maxLength: 6000, size: "max" }).map((bytes) => Buffer.from(bytes));
const letters = fc
  .array(fc.constantFrom(..."aabbcde{}:,"), { maxLength: 4000, size: "max" })
  .map((list) => Buffer.from(list.join("")));
const message = fc.oneof(jsonText, runs, noise, letters);

describe("Inflater", () => {
  describe("the examples of [7692] 7.2.3", () => {
    it("one block of the fixed codes", () => {
      assert.equal(inflate(fresh(), hex("f2 48 cd c9 c9 07 00")).toString(), "Hello");
    });

    it("a message that refers to the one before", () => {
      const inflater = fresh();
      inflate(inflater, hex("f2 48 cd c9 c9 07 00"));
      assert.equal(inflate(inflater, hex("f2 00 11 00 00")).toString(), "Hello");
    });

    it("a stored block", () => {
      assert.equal(inflate(fresh(), hex("00 05 00 fa ff 48 65 6c 6c 6f 00")).toString(), "Hello");
    });

    it("a final block", () => {
      assert.equal(inflate(fresh(), hex("f3 48 cd c9 c9 07 00 00")).toString(), "Hello");
    });

    it("two blocks", () => {
      assert.equal(inflate(fresh(), hex("f2 48 05 00 00 00 ff ff ca c9 c9 07 00")).toString(), "Hello");
    });

    it("nothing", () => {
      assert.equal(inflate(fresh(), hex("00")).length, 0);
      assert.equal(inflate(fresh(), hex("")).length, 0);
    });
  });

  it("goes on after a final block, with the window kept", () => {
    const inflater = fresh();
    assert.equal(inflate(inflater, hex("f3 48 cd c9 c9 07 00")).toString(), "Hello");
    assert.equal(inflate(inflater, hex("f3 48 cd c9 c9 07 00 f2 00 11 00 00")).toString(), "HelloHello");
    assert.equal(inflate(inflater, hex("f2 00 11 00 00")).toString(), "Hello");
  });

  it("forgets earlier messages without context takeover", () => {
    const inflater = fresh(false);
    inflate(inflater, hex("f2 48 cd c9 c9 07 00"));
    failsAsInvalid(hex("f2 00 11 00 00"), inflater);
  });

  it("knows the messages of its own connection only", () => {
    inflate(fresh(), hex("f2 48 cd c9 c9 07 00"));
    failsAsInvalid(hex("f2 00 11 00 00"));
  });

  it("takes its message out of a larger buffer", () => {
    const data = hex("ff ff f2 48 cd c9 c9 07 00 ff ff");
    assert.equal(Buffer.from(fresh().inflate(data, 2, 9, 5)).toString(), "Hello");
  });

  it("reads what zlib wrote: any messages, level, window, with and without takeover", () => {
    fc.assert(
      fc.property(
        fc.array(message, { minLength: 1, maxLength: 8 }),
        fc.integer({ min: 0, max: 9 }),
        fc.integer({ min: 8, max: 15 }),
        fc.boolean(),
        (messages, level, windowBits, contextTakeover) => {
          const inflater = fresh(contextTakeover, windowBits);
          let history = Buffer.alloc(0);
          for (const text of messages) {
            // zlib's window of 9 bits leaves out the farthest 262 bytes: it reaches no farther than one of 8 bits does
            const data = deflate(text, level, history, Math.max(9, windowBits));
            assert.deepEqual(inflate(inflater, data, text.length), text);
            if (contextTakeover) history = Buffer.concat([history, text]).subarray(-(1 << windowBits));
          }
        },
      ),
    );
  });

  it("reaches back exactly as far as the window", () => {
    for (const windowBits of [8, 9, 10, 11, 12, 13, 14, 15]) {
      const size = 1 << windowBits;
      const text = Buffer.from(Array.from({ length: size + 50 }, (_, i) => (i * i) >> 5));
      const expected = text.subarray(50, 53);
      // the fixed codes: length 3, then the last distance symbol of this window, then its extra bits
      const symbol = 2 * windowBits - 1;
      const reversed = Array.from({ length: 5 }, (_, i) => ((symbol >> i) & 1) << (4 - i)).reduce(
        (a, b) => a | b,
      );
      const match = (extra: number) =>
        packBits([0b010, 3], [0b1000000, 7], [reversed, 5], [extra, windowBits - 2], [0, 7], [0, 3]);
      const farthest = 2 ** (windowBits - 2) - 1;
      const inflater = fresh(true, windowBits);
      inflate(inflater, deflate(text));
      assert.deepEqual(inflate(inflater, match(farthest)), expected);
      const tooSmall = fresh(true, windowBits);
      inflate(tooSmall, deflate(text.subarray(0, size - 1)));
      failsAsInvalid(match(farthest), tooSmall);
      if (windowBits > 8) {
        const bounded = fresh(true, windowBits - 1);
        inflate(bounded, deflate(text));
        failsAsInvalid(match(farthest), bounded);
      }
    }
  });

  it("gives zlib's verdict on data that were damaged", () => {
    const damage = fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 3 });
    fc.assert(
      fc.property(
        message,
        message,
        damage,
        fc.nat(),
        fc.boolean(),
        (first, second, changes, cut, truncated) => {
          const history = first.subarray(-32768);
          let data = Buffer.from(deflate(second, 6, history));
          for (const [place, byte] of changes) data[place % data.length] = byte;
          if (truncated) data = data.subarray(0, cut % data.length);
          if (data.length === 0) return;
          const inflater = fresh();
          inflate(inflater, deflate(first));
          const expected = verdictOfZlib(data, history);
          if (expected === null) failsAsInvalid(data, inflater);
          else assert.deepEqual(inflate(inflater, data), expected);
        },
      ),
      { numRuns: 2000 },
    );
  });

  it("gives zlib's verdict on bytes at random, of each block type", () => {
    const bytes = fc.uint8Array({ minLength: 1, maxLength: 200, size: "max" });
    fc.assert(
      fc.property(bytes, fc.nat(7), (data, header) => {
        data[0] = ((data[0] as number) & ~7) | header;
        const expected = verdictOfZlib(data, Buffer.alloc(0));
        if (expected === null) failsAsInvalid(data);
        else assert.deepEqual(inflate(fresh(), data), expected);
      }),
      { numRuns: 5000 },
    );
  });

  it("refuses every message that was cut short", () => {
    const text = Buffer.from(
      JSON.stringify(Array.from({ length: 60 }, (_, i) => ({ id: i * 7919, name: `n${i}` }))),
    );
    const data = deflate(text);
    assert.equal(data.readUInt8(0) & 0b110, 0b100); // dynamic codes
    for (let end = 1; end < data.length; end++) failsAsInvalid(data.subarray(0, end));
    const stored = deflate(text, 0);
    for (let end = 2; end < stored.length; end++) {
      // the tail can stand for the last four bytes of the block: what then comes out is valid DEFLATE
      if (end !== stored.length - 5) failsAsInvalid(stored.subarray(0, end));
    }
  });

  it("decodes a large message by itself, just as zlib does", () => {
    fc.assert(
      fc.property(fc.array(message, { minLength: 1, maxLength: 20 }), (parts) => {
        const text = Buffer.concat([...parts, ...parts]);
        const data = deflate(text);
        assert.deepEqual(inflate(fresh(), data, text.length), text);
        // after a final block zlib hands over
        assert.deepEqual(inflate(fresh(), Buffer.concat([FINAL_BLOCK, data]), text.length), text);
      }),
    );
  });

  it("gives a view from the start of its memory", () => {
    for (let size = 1; size < 200_000; size = Math.ceil(size * 1.7)) {
      for (const multiplier of [0, 0x9e3779b1]) {
        const data = deflate(
          Buffer.from(Array.from({ length: size }, (_, i) => Math.imul(i, multiplier) >>> 9)),
        );
        assert.equal(fresh().inflate(data, 0, data.length, ENOUGH).byteOffset, 0);
      }
    }
  });

  it("goes on with its connection after a large message", () => {
    const inflater = fresh();
    const text = Buffer.from(Array.from({ length: 50_000 }, (_, i) => Math.imul(i, 0x9e3779b1) >>> 13));
    const data = deflate(text);
    assert.ok(data.length > ZLIB_FROM);
    for (let i = 0; i < 3; i++) {
      const history = i === 0 ? undefined : text.subarray(-32768);
      assert.deepEqual(inflate(inflater, deflate(text, 6, history)), text);
      const small = text.subarray(20_000 + i, 20_200 + i);
      assert.deepEqual(inflate(inflater, deflate(small, 6, text.subarray(-32768))), small);
      inflate(inflater, deflate(text, 6));
    }
  });

  describe("limit", () => {
    it("lets exactly so much pass", () => {
      const texts = [
        Buffer.from("Hello"),
        Buffer.alloc(1000, "a"),
        Buffer.alloc(70_000, "ab"),
        Buffer.alloc(300_000, "abc"),
        Buffer.from(Array.from({ length: 70_000 }, (_, i) => Math.imul(i, 0x9e3779b1) >>> 9)),
      ];
      for (const text of texts) {
        for (const level of [0, 6]) {
          const data = deflate(text, level);
          for (const whole of [data, Buffer.concat([FINAL_BLOCK, data])]) {
            assert.deepEqual(inflate(fresh(), whole, text.length), text);
            failsAsTooBig(whole, text.length - 1);
            failsAsTooBig(whole, 1);
          }
        }
      }
    });

    it("of 0 lets the empty message pass", () => {
      assert.equal(inflate(fresh(), hex("00"), 0).length, 0);
      failsAsTooBig(hex("f2 48 cd c9 c9 07 00"), 0);
    });

    it("may be beyond what a buffer can hold", () => {
      const text = Buffer.from(Array.from({ length: 5000 }, (_, i) => Math.imul(i, 0x9e3779b1) >>> 9));
      assert.deepEqual(inflate(fresh(), deflate(text), Number.MAX_SAFE_INTEGER), text);
      assert.deepEqual(inflate(fresh(), deflate(text), Number.POSITIVE_INFINITY), text);
    });

    it("refuses 1 GiB in 1 MiB without holding it", () => {
      const piece = deflateRawSync(Buffer.alloc(2 ** 24), { finishFlush: constants.Z_FULL_FLUSH });
      const bomb = Buffer.concat(Array.from({ length: 64 }, () => piece));
      const before = process.resourceUsage().maxRSS;
      failsAsTooBig(bomb, 2 ** 20);
      failsAsTooBig(Buffer.concat([FINAL_BLOCK, bomb]), 2 ** 20);
      const grown = process.resourceUsage().maxRSS - before; // in KiB
      assert.ok(grown < 128 * 1024, `grew by ${grown} KiB`);
    });
  });

  describe("codes that are none", () => {
    // 'a' and the end of the block, one bit each
    const fine = lengthsWith(257, { 97: 1, 256: 1 });

    it("the helper makes blocks that are right", () => {
      const data = dynamicBlock(fine, [0], [0b100, 3]);
      assert.equal(inflate(fresh(), data).toString(), "aa");
      assert.deepEqual(verdictOfZlib(data, Buffer.alloc(0)), Buffer.from("aa"));
    });

    const cases: Record<string, Buffer> = {
      "a block of the reserved type": packBits([0b110, 3], [0, 13]),
      "a stored block whose length fails its check": hex("00 05 00 fa fe 48 65 6c 6c 6f 00"),
      "287 literal/length codes": packBits([0b100, 3], [30, 5], [0, 5], [15, 4], [0, 100]),
      "31 distance codes": packBits([0b100, 3], [0, 5], [30, 5], [15, 4], [0, 100]),
      "an empty code length code": packBits([0b100, 3], [0, 5], [0, 5], [0, 4], [0, 12], [0, 600]),
      "an over-subscribed code length code": packBits(
        [0b100, 3],
        [0, 5],
        [0, 5],
        [0, 4],
        [0b001001001, 9],
        [0, 600],
      ),
      "an incomplete code length code": packBits([0b100, 3], [0, 5], [0, 5], [0, 4], [0b010001, 6], [0, 600]),
      "a code length code of one codeword": packBits(
        [0b100, 3],
        [0, 5],
        [0, 5],
        [0, 4],
        [0b001, 3],
        [0, 600],
      ),
      // 16 and 8 have one bit each
      "a repeat before the first length": packBits(
        [0b100, 3],
        [0, 5],
        [0, 5],
        [1, 4],
        [1, 3],
        [0, 9],
        [1, 3],
        [1, 1],
        [0, 600],
      ),
      // 18 and 8: 138 zeros twice are more than 258
      "a repeat past the last length": packBits(
        [0b100, 3],
        [0, 5],
        [0, 5],
        [1, 4],
        [0, 6],
        [1, 3],
        [0, 3],
        [1, 3],
        [255, 8],
        [255, 8],
      ),
      "no codeword for the end of the block": dynamicBlock(lengthsWith(257, { 97: 1, 98: 1 }), [0], [0, 9]),
      "an over-subscribed literal/length code": dynamicBlock(
        lengthsWith(257, { 97: 1, 98: 1, 256: 1 }),
        [0],
        [1, 9],
      ),
      "an incomplete literal/length code": dynamicBlock(
        lengthsWith(257, { 97: 2, 98: 2, 256: 2 }),
        [0],
        [2, 9],
      ),
      "an over-subscribed distance code": dynamicBlock(fine, [1, 1, 1], [1, 9]),
      "an incomplete distance code": dynamicBlock(fine, [2, 2], [1, 9]),
      "the codeword that a code of a single one has not": dynamicBlock(
        lengthsWith(257, { 256: 1 }),
        [0],
        [1, 9],
      ),
      "a distance where there is no distance code": dynamicBlock(
        lengthsWith(258, { 97: 2, 256: 2, 257: 1 }),
        [0],
        [0b01, 2],
        [0, 1],
        [0, 9],
      ),
      "the distance that a code of a single one has not": dynamicBlock(
        lengthsWith(258, { 97: 2, 256: 2, 257: 1 }),
        [1],
        [0b01, 2],
        [0, 1],
        [1, 1],
        [0b11, 2],
      ),
      "length symbol 286": packBits([0b010, 3], [0b01100011, 8], [0, 5], [0, 7], [0, 3]),
      "length symbol 287": packBits([0b010, 3], [0b11100011, 8], [0, 5], [0, 7], [0, 3]),
      "distance symbol 30": packBits(
        [0b010, 3],
        [0b00001100 | 1, 8],
        [0b1000000, 7],
        [0b01111, 5],
        [0, 7],
        [0, 3],
      ),
      "distance symbol 31": packBits(
        [0b010, 3],
        [0b00001100 | 1, 8],
        [0b1000000, 7],
        [0b11111, 5],
        [0, 7],
        [0, 3],
      ),
      "a distance before the first byte": packBits([0b010, 3], [0b1000000, 7], [0, 5], [0, 7], [0, 3]),
    };
    for (const [name, data] of Object.entries(cases)) {
      it(name, () => {
        assert.equal(verdictOfZlib(data, Buffer.alloc(0)), null);
        failsAsInvalid(data);
      });
    }

    it("but a single distance of one bit is one", () => {
      const data = dynamicBlock(
        lengthsWith(258, { 97: 2, 256: 2, 257: 1 }),
        [1],
        [0b01, 2],
        [0, 1],
        [0, 1],
        [0b11, 2],
      );
      assert.equal(inflate(fresh(), data).toString(), "aaaa");
      assert.equal(String(verdictOfZlib(data, Buffer.alloc(0))), "aaaa");
    });

    it("and so is a block that only ends", () => {
      const data = dynamicBlock(lengthsWith(257, { 256: 1 }), [0], [0, 1]);
      assert.equal(inflate(fresh(), data).length, 0);
      assert.equal(verdictOfZlib(data, Buffer.alloc(0))?.length, 0);
    });
  });

  it("works on after data that were refused", () => {
    failsAsInvalid(hex("06 00"));
    failsAsTooBig(deflate(Buffer.alloc(1_000_000)), 500_000);
    assert.equal(inflate(fresh(), hex("f2 48 cd c9 c9 07 00")).toString(), "Hello");
  });
});
