import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import type { FrameEvent } from "../recording/connection-event.js";
import { previewOf, previewSize, wireEvent } from "./wire-event.js";

const event: FrameEvent = {
  kind: "frame",
  connection: 3,
  time: 1,
  direction: "sent",
  opcode: 1,
  fin: true,
  compressed: true,
  length: 5,
};

describe("wireEvent", () => {
  it("gives a frame its number and its session", () => {
    assert.deepEqual(wireEvent(event, 17, "a"), { ...event, frame: 17, session: "a" });
    assert.deepEqual(wireEvent(event, 17, undefined), { ...event, frame: 17 });
  });

  it("tells text as it is and bytes in base64, with the size of both in bytes", () => {
    assert.deepEqual(wireEvent({ ...event, payload: "Straße ☀" }, 0, undefined), {
      ...event,
      frame: 0,
      size: 11,
      data: { text: "Straße ☀" },
    });
    assert.deepEqual(wireEvent({ ...event, opcode: 2, payload: Uint8Array.of(1, 2, 255) }, 0, undefined), {
      ...event,
      opcode: 2,
      frame: 0,
      size: 3,
      data: { base64: "AQL/" },
    });
    assert.deepEqual(wireEvent({ ...event, payload: "" }, 0, undefined), {
      ...event,
      frame: 0,
      size: 0,
      data: { text: "" },
    });
  });

  it("leaves other events as they are", () => {
    const end = { kind: "end", connection: 3, time: 2, code: 1000, reason: "", wasClean: true } as const;
    assert.deepEqual(wireEvent(end, 0, undefined), end);
    assert.deepEqual(wireEvent(end, 0, "a"), { ...end, session: "a" });
  });
});

describe("previewOf", () => {
  const long = fc
    .array(fc.string({ unit: "binary", minLength: 1, maxLength: 30 }), { minLength: 1, maxLength: 10 })
    .chain((parts) => fc.nat(6000).map((length) => parts.join("").repeat(400).slice(0, length)));

  it("is a beginning of the text, whole where that is at most 4 KiB", () => {
    fc.assert(
      fc.property(long, (text) => {
        const wellFormed = Buffer.from(text).toString();
        const preview = previewOf(wellFormed);
        assert.ok("text" in preview);
        const bytes = Buffer.byteLength(wellFormed);
        assert.ok(wellFormed.startsWith(preview.text));
        assert.equal(preview.isCut === true, bytes > previewSize);
        const shown = Buffer.byteLength(preview.text);
        // No character of UTF-8 is longer than four bytes, so no more than three are left out.
        assert.equal(shown, bytes > previewSize ? Math.max(shown, previewSize - 3) : bytes);
        assert.ok(shown <= previewSize);
      }),
    );
  });

  it("is a beginning of the bytes, whole where that is at most 4 KiB", () => {
    for (const length of [0, 1, previewSize - 1, previewSize, previewSize + 1, 3 * previewSize]) {
      const bytes = Uint8Array.from({ length }, (_, index) => index);
      const preview = previewOf(bytes);
      assert.ok("base64" in preview);
      assert.deepEqual(new Uint8Array(Buffer.from(preview.base64, "base64")), bytes.slice(0, previewSize));
      assert.equal(preview.isCut === true, length > previewSize);
    }
  });
});
