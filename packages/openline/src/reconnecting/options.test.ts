import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { fixture } from "./fixture.test.support.js";
import { type ReconnectingWebSocketOptions, readOptions } from "./options.js";

/** For each option: wrong values, and a word of what the refusal has to say besides the name and the value. */
const wrong: Record<keyof ReconnectingWebSocketOptions, [values: unknown[], expected: RegExp]> = {
  WebSocket: [["ws", {}], /function/],
  minDelay: [[0, -1, Number.NaN, Infinity, "1", 2 ** 31], /from 1 to 2147483647/],
  maxDelay: [[0, Infinity, 999], /from 1 to 2147483647|at least minDelay, which is 1000/],
  factor: [[0.5, 1001, "2"], /from 1 to 1000/],
  stableAfter: [[-1, Infinity], /from 0 to/],
  maxAttempts: [[0, Number.NaN], /or Infinity/],
  connectTimeout: [[0, null], /or Infinity/],
  idle: [[0, false], /or Infinity/],
  timeout: [[0, Infinity], /from 1 to/],
  maxSilence: [[0, "20 s"], /or Infinity/],
  heartbeat: [["ping", null, () => {}], /object/],
  shouldReconnect: [[true], /function/],
  onOpen: [["send"], /function/],
  queue: [[true, null, 10], /false or an object/],
  keepSent: [[1], /boolean/],
  signal: [[{ aborted: false }], /AbortSignal/],
};

describe("the options of ReconnectingWebSocket", () => {
  for (const [name, [values, expected]] of Object.entries(wrong)) {
    it(`refuses a wrong ${name} with its name, the value and what was expected`, () => {
      for (const value of values) {
        const shown = typeof value === "string" ? JSON.stringify(value) : String(value);
        assert.throws(
          () => fixture({ [name]: value }),
          (error) =>
            error instanceof TypeError &&
            error.message.includes(`option ${name} is ${shown}, `) &&
            expected.test(error.message),
          `${name}: ${shown}`,
        );
      }
    });
  }

  it("refuses wrong options of the queue and of the heartbeat", () => {
    const cases: [ReconnectingWebSocketOptions, RegExp][] = [
      [{ queue: { maxMessages: -1 } }, /queue\.maxMessages is -1, but must be a number from 0/],
      [{ queue: { maxBytes: Number.NaN } }, /queue\.maxBytes is NaN/],
      [{ queue: { overflow: "drop" as "throw" } }, /queue\.overflow is "drop".*drop-oldest/],
      [{ heartbeat: {} as { message: string } }, /heartbeat\.message is undefined, but must be a message/],
      [{ heartbeat: { message: 1 as unknown as string } }, /heartbeat\.message is 1/],
      [
        { heartbeat: { message: "", isReply: true as unknown as () => boolean } },
        /heartbeat\.isReply is true/,
      ],
    ];
    for (const [options, expected] of cases) assert.throws(() => readOptions(options), expected);
  });

  it("refuses what is no option, and options that are no object", () => {
    assert.throws(() => readOptions({ minDely: 5 } as ReconnectingWebSocketOptions), /no option minDely/);
    assert.throws(() => readOptions({ toString: 5 } as object), /no option toString/);
    assert.throws(() => readOptions({ queue: { max: 5 } } as object), /no option queue\.max;/);
    assert.throws(() => readOptions(5 as unknown as object), /options are 5/);
  });

  it("takes undefined as not given", () => {
    assert.deepEqual(
      readOptions({ minDelay: undefined } as unknown as ReconnectingWebSocketOptions),
      readOptions({}),
    );
  });
});
