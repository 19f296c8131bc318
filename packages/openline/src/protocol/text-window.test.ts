import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { asBytes } from "./buffer.js";
import { textWindow } from "./text-window.js";

const ascii = fc
  .tuple(fc.string({ minLength: 1, maxLength: 20 }), fc.constantFrom(0, 1, 3, 40, 120))
  .map(([text, times]) => text.repeat(times));

describe("TextWindow", () => {
  it("gives each text of any packets in any order, with any bytes between them", () => {
    const packet = fc.array(fc.tuple(ascii, fc.uint8Array({ maxLength: 10 })), {
      minLength: 1,
      maxLength: 12,
    });
    const visits = fc.array(fc.nat(), { maxLength: 30 });
    fc.assert(
      fc.property(fc.array(packet, { minLength: 1, maxLength: 3 }), visits, (packets, order) => {
        const laid = packets.map((texts) => {
          let end = 0;
          const ranges = texts.map(([text, gap]) => {
            const start = end;
            end += text.length + gap.length;
            return { text, start };
          });
          const bytes = asBytes(Buffer.concat(texts.flatMap(([text, gap]) => [Buffer.from(text), gap])));
          return { bytes, ranges };
        });
        const all = laid.flatMap(({ bytes, ranges }) => ranges.map((range) => ({ bytes, ...range })));
        const inAnyOrder = order.flatMap((i) => all[i % all.length] ?? []);
        for (const { bytes, text, start } of [...all, ...inAnyOrder]) {
          assert.equal(textWindow.decode(bytes, start, start + text.length), text);
        }
      }),
    );
  });

  it("tells packets with the same ranges apart", () => {
    const one = asBytes(Buffer.from("one"));
    const two = asBytes(Buffer.from("two"));
    for (let i = 0; i < 2; i++) {
      assert.equal(textWindow.decode(one, 0, 3), "one");
      assert.equal(textWindow.decode(two, 0, 3), "two");
    }
  });
});
