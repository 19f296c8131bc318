import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { fixture } from "./fixture.test.support.js";
import { type ReconnectingWebSocketOptions, readOptions } from "./options.js";
import { platform } from "./platform.js";

/** For each option: wrong values, and a word of what the refusal has to say besides the name and the value. */
const wrong: Record<keyof ReconnectingWebSocketOptions, [values: unknown[], expected: RegExp]> = {
  WebSocket: [["ws", {}], /Function$/],
  minDelay: [[0, -1, Number.NaN, "1"], /a number from 1$/],
  maxDelay: [[0, 999, Infinity], /a number from 1$|finite, from 1000$/],
  factor: [[0.5, "2"], /a number from 1$/],
  stableAfter: [[0, -1], /a number from 1$/],
  maxAttempts: [[0, Number.NaN], /a number from 1$/],
  connectTimeout: [[0, null], /a number from 1$/],
  idle: [[0, false], /a number from 1$/],
  timeout: [[0, "1"], /a number from 1$/],
  maxSilence: [[0, "20 s"], /a number from 1$/],
  heartbeat: [["ping", null], /Object$/],
  shouldReconnect: [[true], /Function$/],
  onOpen: [["send"], /Function$/],
  queue: [["yes", null, {}], /Boolean$/],
  maxQueuedMessages: [[0, Number.NaN], /a number from 1$/],
  maxQueuedBytes: [[-1, "1 MB"], /a number from 1$/],
  overflow: [["drop", 1], /one of throw,drop-oldest,drop-newest$|String$/],
  keepSent: [[1], /Boolean$/],
  signal: [[5, { aborted: false }], /AbortSignal/],
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

  it("refuses a wrong heartbeat", () => {
    const cases: [ReconnectingWebSocketOptions, RegExp][] = [
      ...[undefined, null, 5, {}].map((message): [ReconnectingWebSocketOptions, RegExp] => [
        { heartbeat: { message } as unknown as { message: string } },
        new RegExp(
          `heartbeat\\.message is ${String(message).replaceAll(/[[\]]/g, "\\$&")}, but must be text or bytes`,
        ),
      ]),
      [
        { heartbeat: { message: "", isReply: true as unknown as () => boolean } },
        /heartbeat\.isReply is true/,
      ],
    ];
    for (const [options, expected] of cases) assert.throws(() => readOptions(options, platform), expected);
  });

  it("refuses what is no option", () => {
    assert.throws(
      () => readOptions({ minDely: 5 } as ReconnectingWebSocketOptions, platform),
      /No option minDely/,
    );
    assert.throws(
      () => readOptions({ heartbeat: { message: "", max: 5 } } as object, platform),
      /No option heartbeat\.max$/,
    );
  });

  it("takes undefined as not given", () => {
    assert.deepEqual(
      readOptions({ minDelay: undefined } as unknown as ReconnectingWebSocketOptions, platform),
      readOptions({}, platform),
    );
  });
});
