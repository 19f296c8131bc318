import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { CloseEvent } from "../websocket/close-event.js";
import type { CloseEvent as End } from "./environment.js";
import { delayBefore } from "./reconnection.js";
import { isWorthRetrying } from "./refusal.js";

const settings = { minDelay: 1000, maxDelay: 30_000, factor: 4 };

function end(code: number, refusal: Pick<End, "status" | "retryAfter"> = {}): End {
  return Object.assign(new CloseEvent("close", { code }), refusal);
}

describe("isWorthRetrying", () => {
  it("gives up after the close codes that say that the client is wrong", () => {
    for (const code of [1002, 1003, 1007, 1008, 1010]) assert.ok(!isWorthRetrying(end(code)), String(code));
    for (const code of [1000, 1001, 1005, 1006, 1009, 1011, 1012, 1013, 1014, 4000]) {
      assert.ok(isWorthRetrying(end(code)), String(code));
    }
  });

  it("gives up after a 4xx, but not after one that may pass, nor after a 5xx", () => {
    for (const status of [400, 401, 403, 404, 410, 426]) {
      assert.ok(!isWorthRetrying(end(1006, { status })), String(status));
    }
    for (const status of [408, 425, 429, 500, 502, 503, 301]) {
      assert.ok(isWorthRetrying(end(1006, { status })), String(status));
    }
  });
});

describe("delayBefore", () => {
  it("lies between the shortest delay and a bound that grows up to the longest", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 5000 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (attempt, random) => {
          const delay = delayBefore(attempt, settings, end(1006), random);
          assert.ok(delay >= settings.minDelay);
          assert.ok(delay <= Math.min(settings.maxDelay, settings.minDelay * settings.factor ** attempt));
        },
      ),
    );
    assert.equal(delayBefore(1, settings, end(1006), 1), 4000);
    assert.equal(delayBefore(2, settings, end(1006), 1), 16_000);
    assert.equal(delayBefore(3, settings, end(1006), 1), 30_000);
  });

  it("uses the whole range at once where the server says that all clients are cut off", () => {
    for (const code of [1012, 1013]) assert.equal(delayBefore(1, settings, end(code), 1), 30_000);
  });

  it("comes after what the server asks to wait, and is never more than timers take", () => {
    assert.equal(delayBefore(1, settings, end(1006, { retryAfter: 120_000 }), 0), 121_000);
    assert.equal(delayBefore(1, settings, end(1006, { retryAfter: 1e300 }), 1), 2 ** 31 - 1);
  });
});
