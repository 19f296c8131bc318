import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { isLoopback } from "./confirmation.js";
import { TimeQueue } from "./time-queue.js";

describe("time queue", () => {
  it("gives back in order, however it grows and turns", () => {
    const step = fc.oneof(fc.constant("shift" as const), fc.double({ noNaN: true }));
    fc.assert(
      fc.property(fc.array(step, { maxLength: 300 }), (steps) => {
        const queue = new TimeQueue();
        const model: number[] = [];
        for (const time of steps) {
          if (time === "shift") assert.equal(queue.shift(), model.shift());
          else {
            queue.push(time);
            model.push(time);
          }
          assert.equal(queue.length, model.length);
        }
        for (const time of model) assert.equal(queue.shift(), time);
      }),
    );
  });
});

describe("loopback", () => {
  it("is this machine alone", () => {
    const { hostname: mapped } = new URL("ws://[::ffff:127.0.0.1]/");
    for (const host of ["localhost", "a.localhost", "127.0.0.1", "127.9.8.7", "[::1]", mapped]) {
      assert.equal(isLoopback(host), true, host);
    }
    for (const host of ["localhost.example", "127.0.0.1.example", "128.0.0.1", "[::2]", "[::ffff:8000:1]"]) {
      assert.equal(isLoopback(host), false, host);
    }
  });
});
