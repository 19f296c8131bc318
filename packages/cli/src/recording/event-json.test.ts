import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { fromBase64, toBase64 } from "./base64.js";
import type { FrameEvent } from "./connection-event.js";
import { toJsonLine } from "./event-json.js";

const frame: FrameEvent = {
  kind: "frame",
  connection: 1,
  time: 2.5,
  direction: "sent",
  opcode: 1,
  fin: true,
  compressed: false,
  length: 9,
};

describe("toJsonLine", () => {
  it("has text as data and bytes as base64, and neither where there is no payload", () => {
    assert.deepEqual(JSON.parse(toJsonLine({ ...frame, payload: "a\nb" }, false)), {
      ...frame,
      data: "a\nb",
    });
    const binary = { ...frame, opcode: 2, payload: new Uint8Array([1, 2]) };
    assert.deepEqual(JSON.parse(toJsonLine(binary, false)), { ...frame, opcode: 2, base64: "AQI=" });
    assert.deepEqual(JSON.parse(toJsonLine(frame, false)), frame);
    const end = { kind: "end", connection: 1, time: 3, code: 1000, reason: "bye", wasClean: true } as const;
    assert.deepEqual(JSON.parse(toJsonLine(end, false)), end);
  });

  it("is one line, in which nothing drives a terminal", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 30 }), (payload) => {
        const line = toJsonLine({ ...frame, payload }, true);
        assert.match(line, /^[ -~]*$/);
        assert.equal(JSON.parse(line).data, payload);
        assert.doesNotMatch(toJsonLine({ ...frame, payload }, false), /[\n\r]/);
      }),
    );
  });
});

describe("Base64", () => {
  const bytes = fc.uint8Array({ maxLength: 20_000, size: "max" });

  it("is the same in a browser, which has no Buffer", () => {
    fc.assert(
      fc.property(bytes, (given) => {
        const onNode = toBase64(given);
        assert.equal(onNode, Buffer.from(given).toString("base64"));
        const { Buffer: own } = globalThis;
        Reflect.deleteProperty(globalThis, "Buffer");
        let inBrowser: string;
        try {
          inBrowser = toBase64(given);
        } finally {
          globalThis.Buffer = own;
        }
        assert.equal(inBrowser, onNode);
        assert.deepEqual(fromBase64(onNode), new Uint8Array(given));
      }),
      { numRuns: 30 },
    );
  });

  it("refuses what is none", () => {
    for (const text of ["A", "AA", "AAA", "A===", "AA=A", "AQI", "AQI=\n", "AQ I=", "AQ-_", "héllo"]) {
      assert.equal(fromBase64(text), undefined, text);
    }
    assert.deepEqual(fromBase64(""), new Uint8Array());
  });
});
