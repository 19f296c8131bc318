import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import type { PageRequest } from "./control-protocol.js";
import { readPageRequest } from "./page-request.js";

const dial = {
  type: "dial",
  request: 1,
  session: "a",
  through: "node",
  url: "ws://127.0.0.1/",
  protocols: ["chat"],
  headers: [["X-Name", "value"]],
  reconnecting: false,
} as const;
const send = { type: "send", request: 2, session: "a", data: { text: "hi" }, count: 1 } as const;
const fault = { type: "fault", request: 3, target: { all: true }, fault: { kind: "cut" } } as const;

function read(value: unknown) {
  return readPageRequest(JSON.stringify(value));
}

describe("readPageRequest", () => {
  const good: readonly PageRequest[] = [
    dial,
    {
      ...dial,
      reconnecting: true,
      reconnectingOptions: { minDelay: 1, idle: 200 },
      binaryType: "arraybuffer",
    },
    // What the constructor refuses is for the page to see.
    { ...dial, url: "no URL", protocols: ["a", "a", "\n"] },
    send,
    { ...send, data: { base64: "" }, count: 1_000_000, rate: 10 },
    { ...send, data: { base64: "AQ==" } },
    { type: "ping", request: 1, session: "a" },
    { type: "close", request: 1, session: "a" },
    { type: "close", request: 1, session: "a", code: 999, reason: "x".repeat(200) },
    { type: "reconnect", request: 1, session: "a" },
    { type: "binary-type", request: 1, session: "a", binaryType: "blob" },
    { type: "forget", request: 1, session: "a" },
    fault,
    { ...fault, target: { session: "a" }, fault: { kind: "delay", milliseconds: 5, direction: "both" } },
    { ...fault, fault: { kind: "throttle", bytesPerSecond: null, direction: "to-server" } },
    { ...fault, fault: { kind: "hold", direction: "to-client" } },
    { ...fault, fault: { kind: "answer", status: 503 } },
    { ...fault, fault: { kind: "restart-server", crash: true, downFor: 100 } },
    { type: "fault-script", request: 1, target: { all: true }, script: "jump" },
    { type: "stop-script", request: 1, target: { session: "a" } },
    { type: "clear", request: 1 },
    { type: "seen", batch: 3 },
  ];
  for (const value of good) {
    it(`reads ${JSON.stringify(value).slice(0, 100)}`, () => assert.deepEqual(read(value), { asked: value }));
  }

  const wrong: readonly (readonly [value: unknown, message: RegExp])[] = [
    [null, /Expected Object/],
    [[], /type/],
    [{}, /type/],
    [{ type: "jump", request: 1 }, /^type: .*"jump"$/],
    [{ type: "toString", request: 1 }, /^type: /],
    [{ ...dial, request: -1 }, /^request: /],
    [{ ...dial, request: "1" }, /^request: /],
    [{ ...dial, request: 1.5 }, /^request: /],
    [{ ...dial, session: "" }, /^session: /],
    [{ ...dial, session: "x".repeat(101) }, /^session: /],
    [{ ...dial, through: "telnet" }, /^through: /],
    [{ ...dial, url: 5 }, /^url: /],
    [{ ...dial, url: "x".repeat(9000) }, /^url: /],
    [{ ...dial, protocols: "chat" }, /^protocols: /],
    [{ ...dial, protocols: [1] }, /^protocols\.0: /],
    [{ ...dial, headers: [["a"]] }, /^headers\.0/],
    [{ ...dial, headers: [["a b", "c"]] }, /^headers\.0\.0: A header's name is no token$/],
    [{ ...dial, headers: [["", "c"]] }, /^headers\.0\.0: /],
    [{ ...dial, headers: [["a", "b\r\nc: d"]] }, /^headers\.0\.1: A header's value has characters/],
    [{ ...dial, headers: [["a", "☀"]] }, /^headers\.0\.1: /],
    [{ ...dial, reconnecting: 1 }, /^reconnecting: /],
    [{ ...dial, reconnectingOptions: { idle: 0 } }, /^reconnectingOptions\.idle: /],
    [{ ...dial, reconnectingOptions: { shouldReconnect: 1 } }, /shouldReconnect/],
    [{ ...dial, socketPath: "/var/run/docker.sock" }, /socketPath/],
    [{ ...send, count: 0 }, /^count: /],
    [{ ...send, count: 1_000_001 }, /^count: /],
    [{ ...send, rate: 0 }, /^rate: /],
    [{ ...send, data: "hi" }, /^data: /],
    [{ ...send, data: { text: 1 } }, /data/],
    [{ ...send, data: { base64: "A" } }, /data/],
    [{ ...send, data: { base64: "not base64!!" } }, /data/],
    [{ ...fault, target: {} }, /target/],
    [{ ...fault, target: { all: false } }, /target/],
    [{ ...fault, fault: { kind: "explode" } }, /^fault\.kind: .*"explode"$/],
    [{ ...fault, fault: { kind: "delay", milliseconds: -1, direction: "both" } }, /^fault\.milliseconds: /],
    [{ ...fault, fault: { kind: "delay", milliseconds: 2 ** 31, direction: "both" } }, /milliseconds/],
    [{ ...fault, fault: { kind: "hold", direction: "up" } }, /^fault\.direction: /],
    [{ ...fault, fault: { kind: "answer", status: 101 } }, /^fault\.status: /],
    [{ type: "seen", batch: "1" }, /^batch: /],
  ];
  for (const [value, message] of wrong) {
    it(`says what is wrong with ${JSON.stringify(value).slice(0, 100)}`, () => {
      const result = read(value);
      assert.ok("wrong" in result);
      assert.match(result.wrong, message);
    });
  }

  it("says which request it was, where that can be read", () => {
    const numberOf = (value: unknown) => {
      const result = read(value);
      return "wrong" in result ? result.request : undefined;
    };
    assert.equal(numberOf({ type: "jump", request: 7 }), 7);
    assert.equal(numberOf({ ...send, request: 8, count: 0 }), 8);
    assert.equal(numberOf({ type: "jump", request: "7" }), 0);
    assert.equal(numberOf({ type: "jump" }), 0);
  });

  it("takes only text that is JSON", () => {
    assert.deepEqual(readPageRequest(new ArrayBuffer(4)), { request: 0, wrong: "The message is no text" });
    assert.deepEqual(readPageRequest("{"), { request: 0, wrong: "The message is no JSON" });
    assert.deepEqual(readPageRequest(""), { request: 0, wrong: "The message is no JSON" });
  });

  it("takes sixteen megabytes to be sent", () => {
    const base64 = Buffer.alloc(16 * 2 ** 20).toString("base64");
    assert.ok("asked" in read({ ...send, data: { base64 } }));
  });

  it("is brief about what is long", () => {
    const result = read({ ...send, data: { base64: "!".repeat(1_000_000) } });
    assert.ok("wrong" in result && result.wrong.length <= 300);
  });

  it("never throws, whatever comes", () => {
    const changed = fc
      .tuple(fc.constantFrom(...good), fc.string(), fc.jsonValue())
      .map(([value, name, part]) => ({ ...value, [name]: part }));
    fc.assert(
      fc.property(fc.oneof(fc.jsonValue(), changed), (value) => {
        const result = read(value);
        assert.ok("asked" in result !== "wrong" in result);
      }),
    );
  });
});
