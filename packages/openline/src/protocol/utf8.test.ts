import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { asBytes, type Bytes } from "./buffer.js";
import { LoopMemory } from "./byte-memory.js";
import { decodeText, decodeTextInPacket, Utf8Validator } from "./utf8.js";

/** The platform's decoder as a judge; undefined where the bytes are not UTF-8. */
function judge(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** Whatever sequence may be open, one of these completes it. */
const completions = ["", "80", "8080", "808080", "a080", "908080"].map((hex) => Buffer.from(hex, "hex"));

/** Whether some continuation makes `prefix` valid. */
function canBecomeValid(prefix: Uint8Array): boolean {
  return completions.some((completion) => judge(Buffer.concat([prefix, completion])) !== undefined);
}

/** Bytes near every limit of [RFC 3629] 4. */
const criticalBytes = [
  ...[0x00, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xc1, 0xc2, 0xdf],
  ...[0xe0, 0xe1, 0xec, 0xed, 0xee, 0xef, 0xf0, 0xf1, 0xf3, 0xf4, 0xf5, 0xff],
];
const criticalByte = fc.constantFrom(...criticalBytes);
const wellFormed = fc.string({ unit: "binary", maxLength: 12 }).map((text) => Buffer.from(text));
const almostText = fc
  .array(
    fc.oneof(
      wellFormed,
      criticalByte.map((byte) => Buffer.of(byte)),
      fc.uint8Array({ maxLength: 2 }),
    ),
    {
      maxLength: 8,
    },
  )
  .map((parts) => Buffer.concat(parts));

/** `bytes` in memory of their own, `offset` bytes into it. */
function placed(bytes: Uint8Array, offset: number): Bytes {
  const memory = new Uint8Array(offset + bytes.length + 3).fill(0xff);
  memory.set(bytes, offset);
  return asBytes(memory.subarray(offset, offset + bytes.length));
}

describe("Utf8Validator", () => {
  it("takes every scalar value, and refuses surrogates and overlong forms, cut at every byte", () => {
    const valid = [
      "24",
      "c2a2",
      "e282ac",
      "f0908d88",
      "efbbbf",
      "ed9fbf",
      "ee8080",
      "f48fbfbf",
      "00",
      "efbfbf",
    ];
    const invalid = [
      "80",
      "bf",
      "c080",
      "c1bf",
      "e09fbf",
      "eda080",
      "edbfbf",
      "f08fbfbf",
      "f4908080",
      "fe",
      "ff",
    ];
    for (const hex of [...valid, ...invalid]) {
      const validator = new Utf8Validator();
      const accepted = Buffer.from(hex, "hex").every((byte) => validator.push(Uint8Array.of(byte), 0, 1));
      assert.equal(accepted && validator.complete, valid.includes(hex), hex);
    }
  });

  it("refuses a sequence at the first byte that can't belong to it, for all first bytes", () => {
    for (let first = 0; first < 256; first++) {
      for (const second of criticalBytes) {
        const bytes = Uint8Array.of(first, second);
        const accepted = new Utf8Validator().push(bytes, 0, 2);
        assert.equal(accepted, canBecomeValid(bytes), Buffer.from(bytes).toString("hex"));
      }
    }
  });

  it("agrees with TextDecoder on any bytes cut anywhere, and fails with the piece that holds the first bad byte", () => {
    fc.assert(
      fc.property(almostText, fc.array(fc.integer({ min: 0, max: 7 }), { maxLength: 30 }), (bytes, sizes) => {
        const validator = new Utf8Validator();
        let position = 0;
        let accepted = true;
        for (const size of [...sizes, bytes.length]) {
          const end = Math.min(bytes.length, position + size);
          accepted = validator.push(bytes, position, end);
          assert.equal(accepted, canBecomeValid(bytes.subarray(0, end)), `at byte ${end}`);
          position = end;
          if (!accepted) break;
        }
        assert.equal(accepted && validator.complete, judge(bytes) !== undefined);
      }),
      { numRuns: 1000 },
    );
  });

  it("looks at the given range only", () => {
    assert.ok(new Utf8Validator().push(Uint8Array.of(0xff, 0x41, 0xff), 1, 2));
    assert.ok(!new Utf8Validator().push(Uint8Array.of(0x41, 0xff, 0x41), 0, 2));
  });

  it("is complete between sequences only", () => {
    const validator = new Utf8Validator();
    assert.ok(validator.complete);
    assert.ok(validator.push(Uint8Array.of(0x41, 0xf0, 0x9f), 0, 3));
    assert.ok(!validator.complete);
    assert.ok(validator.push(Uint8Array.of(), 0, 0));
    assert.ok(!validator.complete);
    assert.ok(validator.push(Uint8Array.of(0x98, 0x80), 0, 2));
    assert.ok(validator.complete);
  });
});

const decoders = { decodeText, decodeTextInPacket };
for (const [name, decode] of Object.entries(decoders)) {
  describe(name, () => {
    it("agrees with TextDecoder at every alignment", () => {
      fc.assert(
        fc.property(almostText, fc.nat(5), (text, offset) => {
          const bytes = placed(text, offset);
          assert.equal(decode(bytes, new LoopMemory(bytes), 0, bytes.length), judge(text));
        }),
        { numRuns: 1000 },
      );
    });

    it("keeps a leading BOM", () => {
      const bytes = placed(Buffer.from("\ufeffx"), 0);
      assert.equal(decode(bytes, new LoopMemory(bytes), 0, bytes.length), "\ufeffx");
    });

    it("reads long texts, ASCII and not", () => {
      for (const text of ["a".repeat(5000), `${"a".repeat(5000)}é`, "€".repeat(3000)]) {
        const bytes = placed(Buffer.from(text), 1);
        assert.equal(decode(bytes, new LoopMemory(bytes), 0, bytes.length), text);
      }
    });

    it("reads text after text of one packet, each by itself", () => {
      fc.assert(
        fc.property(fc.array(almostText, { maxLength: 10 }), (texts) => {
          const bytes = placed(Buffer.concat(texts), 0);
          const memory = new LoopMemory(bytes);
          let end = 0;
          const decoded = texts.map(({ length }) => {
            end += length;
            return decode(bytes, memory, end - length, end);
          });
          assert.deepEqual(decoded, texts.map(judge));
        }),
      );
    });
  });
}
