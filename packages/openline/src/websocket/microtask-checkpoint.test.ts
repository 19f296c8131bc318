import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { checkpoint } from "./microtask-checkpoint.js";

/** Runs `callback` with no script below it. */
function onTop(callback: () => void): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(() => {
      callback();
      resolve();
    });
  });
}

describe("the microtask checkpoint", () => {
  test("is there in this Node", () => {
    assert.equal(typeof checkpoint, "function");
  });

  test("runs ticks and microtasks, and those that they queue", async () => {
    const log: string[] = [];
    await onTop(() => {
      queueMicrotask(async () => {
        for (let i = 0; i < 20; i += 1) await null;
        log.push("microtasks");
        process.nextTick(() => queueMicrotask(() => log.push("tick")));
      });
      checkpoint?.();
      log.push("after");
    });
    assert.deepEqual(log, ["microtasks", "tick", "after"]);
  });
});
