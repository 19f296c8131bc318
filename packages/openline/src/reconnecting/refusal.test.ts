import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { readRefusal } from "./refusal.js";

describe("readRefusal", () => {
  it("finds the status in the messages of openline and of ws", () => {
    const messages = [
      "The server answered the opening handshake with status 403, not 101",
      "Unexpected server response: 403",
    ];
    for (const message of messages)
      assert.deepEqual(readRefusal(new Error(message)), { status: 403 }, message);
    assert.deepEqual(readRefusal(new Error("connect ECONNREFUSED 127.0.0.1:4030")), {});
    assert.deepEqual(readRefusal(undefined), {});
  });

  it("prefers what the error says in so many words", () => {
    assert.deepEqual(readRefusal(Object.assign(new Error("status 500"), { status: 401 })), { status: 401 });
  });

  it("reads Retry-After, in seconds or as a date", () => {
    const now = Date.UTC(2030, 0, 1);
    const asked = (value: unknown) =>
      readRefusal(Object.assign(new Error(), { headers: { "retry-after": value } }), now).retryAfter;
    assert.equal(asked("120"), 120_000);
    assert.equal(asked(new Date(now + 5000).toUTCString()), 5000);
    assert.equal(asked(new Date(now - 5000).toUTCString()), 0);
    for (const nonsense of ["soon", "-5", ""]) assert.equal(asked(nonsense), 0, nonsense);
    assert.equal(asked(undefined), undefined);
  });
});
