import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { CloseEvent } from "../websocket/close-event.js";
import type { CloseEvent as End } from "./environment.js";
import { delayBefore, isWorthRetrying } from "./reconnection.js";

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

describe("10,000 clients whose server restarts", () => {
  it("come back spread over time, in one wave that fades", () => {
    const clients = 10_000;
    const outage = 5000;
    const slot = 250;
    let state = 1;
    const random = () => {
      state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
      return state / 2 ** 32;
    };
    const attempts: number[] = [];
    let last = 0;
    for (let client = 0; client < clients; client++) {
      let time = 0;
      for (let attempt = 1; attempt === 1 || time < outage; attempt++) {
        time += delayBefore(attempt, settings, end(1006), random());
        const index = Math.floor(time / slot);
        attempts[index] = (attempts[index] ?? 0) + 1;
      }
      last = Math.max(last, time);
    }
    const perSlot = Array.from(attempts, (count) => count ?? 0);
    const peak = Math.max(...perSlot);
    // All at once would be 10,000 in one slot; evenly over the first range it is a twelfth of them.
    assert.ok(peak < clients / 8, `${peak} attempts within ${slot} ms`);
    // One wave: after the first range is over, no second of time sees more than half of the first peak.
    const afterwards = perSlot.slice((settings.minDelay * settings.factor) / slot + 1);
    assert.ok(Math.max(...afterwards) < peak / 2, `${Math.max(...afterwards)} after a peak of ${peak}`);
    assert.ok(last > 15_000 && last < 70_000, `the last one is back after ${last} ms`);
  });
});
