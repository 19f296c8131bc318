import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { SlidingWindow } from "./sliding-window.js";

function content(window: SlidingWindow): Buffer {
  const target = Buffer.alloc(32768);
  return target.subarray(0, window.copyTo(target));
}

describe("SlidingWindow", () => {
  it("holds the last bytes of all that was appended, however it was cut", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 8, max: 12 }),
        fc.array(fc.uint8Array({ maxLength: 700, size: "max" }), { maxLength: 30, size: "max" }),
        (bits, parts) => {
          const window = new SlidingWindow(1 << bits);
          let all = Buffer.alloc(0);
          for (const part of parts) {
            window.append(part);
            all = Buffer.concat([all, part]).subarray(-(1 << bits));
            assert.equal(window.length, all.length);
            assert.deepEqual(content(window), all);
            for (const distance of [1, all.length >> 1, all.length]) {
              if (distance < 1 || all.length === 0) continue;
              const byte = window.ring[(window.head - distance) & (window.ring.length - 1)];
              assert.equal(byte, all[all.length - distance]);
            }
          }
        },
      ),
    );
  });

  it("is no larger than what it got asks for", () => {
    const window = new SlidingWindow(32768);
    assert.equal(window.ring.length, 0);
    window.append(new Uint8Array(300));
    assert.equal(window.ring.length, 512);
    window.append(new Uint8Array(300));
    assert.equal(window.ring.length, 1024);
    window.append(new Uint8Array(100_000));
    assert.equal(window.ring.length, 32768);
  });

  it("is never larger than its greatest size", () => {
    const window = new SlidingWindow(256);
    for (let i = 0; i < 10; i++) window.append(new Uint8Array(100).fill(i));
    assert.equal(window.ring.length, 256);
    assert.equal(window.length, 256);
  });
});
