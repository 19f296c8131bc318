import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import type { Bytes } from "./buffer.js";
import { buildCloseBody, maxReasonBytes, readCloseBody } from "./close-frame.js";

function read(...octets: number[]) {
  return readCloseBody(Buffer.from(octets) as Bytes, 0, octets.length);
}

describe("readCloseBody", () => {
  it("reads code and reason", () => {
    assert.deepEqual(read(0x03, 0xe8), { code: 1000, reason: "" });
    assert.deepEqual(read(0x0b, 0xb8, 0x62, 0x79, 0x65, 0xe2, 0x82, 0xac), { code: 3000, reason: "bye€" });
  });

  it("reads an empty body as 1005", () => {
    assert.deepEqual(read(), { code: 1005, reason: "" });
  });

  it("reads its range only, and copies the reason out of it", () => {
    const bytes = Buffer.from([0xff, 0x03, 0xe9, 0x68, 0x69, 0xff]) as Bytes;
    const status = readCloseBody(bytes, 1, 5);
    bytes.fill(0);
    assert.deepEqual(status, { code: 1001, reason: "hi" });
  });

  it("refuses a body of one byte", () => {
    assert.throws(() => read(0x03), { code: "ERR_WS_CLOSE_FRAME", closeCode: 1002 });
  });

  for (const code of [0, 1, 999, 1004, 1005, 1006, 1015, 1016, 1100, 1999, 2000, 2999, 5000, 9999, 65535]) {
    it(`refuses the code ${code}, by its number`, () => {
      assert.throws(() => read(code >> 8, code & 0xff), {
        code: "ERR_WS_CLOSE_FRAME",
        closeCode: 1002,
        message: new RegExp(`\\b${code}\\b`),
      });
    });
  }

  it("refuses a reason that is not UTF-8, whole or cut", () => {
    for (const reason of [[0xff], [0xc0, 0x80], [0xe2, 0x82], [0xed, 0xa0, 0x80]]) {
      assert.throws(() => read(0x03, 0xe8, ...reason), { code: "ERR_WS_INVALID_UTF8", closeCode: 1007 });
    }
  });
});

describe("buildCloseBody", () => {
  it("writes code and reason, and nothing without a code", () => {
    assert.equal(buildCloseBody(1000, "").toString("hex"), "03e8");
    assert.equal(buildCloseBody(4999, "é!").toString("hex"), "1387c3a921");
    assert.equal(buildCloseBody(undefined, "").length, 0);
  });

  it("has room for the longest reason in a control frame", () => {
    assert.equal(buildCloseBody(1000, "x".repeat(maxReasonBytes)).length, 125);
  });

  it("writes lone surrogates as U+FFFD", () => {
    assert.equal(buildCloseBody(1000, "\ud800").toString("hex"), "03e8efbfbd");
  });

  it("writes what readCloseBody reads back", () => {
    const codes = fc.oneof(fc.integer({ min: 1007, max: 1014 }), fc.integer({ min: 3000, max: 4999 }));
    fc.assert(
      fc.property(codes, fc.string({ unit: "binary", maxLength: 40 }), (code, reason) => {
        const body = buildCloseBody(code, reason);
        assert.deepEqual(readCloseBody(body, 0, body.length), { code, reason: reason.toWellFormed() });
      }),
    );
  });
});
