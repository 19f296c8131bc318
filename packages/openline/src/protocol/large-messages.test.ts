import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { countLargeMessage } from "./large-messages.js";

const mebibyte = 1024 * 1024;

describe("countLargeMessage", () => {
  it("makes one block of nearly 32 MiB, once more than 16 MiB have come in large messages", (t) => {
    const Original = ArrayBuffer;
    const made: number[] = [];
    globalThis.ArrayBuffer = new Proxy(Original, {
      construct(target, [size]: [number]) {
        made.push(size);
        return new target(size);
      },
    });
    t.after(() => {
      globalThis.ArrayBuffer = Original;
    });
    for (let i = 0; i < 2000; i++) countLargeMessage(31 * 1024);
    for (let i = 0; i < 16; i++) countLargeMessage(mebibyte);
    assert.deepEqual(made, []);
    for (let i = 0; i < 100; i++) countLargeMessage(mebibyte);
    // Only glibc learns from it, and that is on Linux.
    assert.deepEqual(made, process.platform === "linux" ? [32 * mebibyte - 64 * 1024] : []);
  });
});
