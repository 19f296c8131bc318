import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { jsonLine } from "./json-events.js";
import { messageLine } from "./message-line.js";

describe("a message as a line", () => {
  it("is the text, unless that has line breaks", () => {
    assert.equal(messageLine("a\tb\x1b", false), "a\tb\x1b");
    assert.equal(messageLine("a\r\nb", false), "a\\r\\nb");
    assert.equal(messageLine('{"a":\n"b\\nc"}\n', false), '{"a": "b\\nc"}');
  });

  it("is the hex digits of binary", () => {
    assert.equal(messageLine(Uint8Array.of(0, 255).buffer, false), "00ff");
  });

  it("drives no terminal", () => {
    assert.equal(messageLine("a\x1b[2J\u202e", true), "a\\x1b[2J\\u202e");
    const line = jsonLine({ event: "message", data: "\x1b\u009b\u202e👍" }, true);
    assert.match(line, /^[\x20-\x7e]*$/);
    assert.equal((JSON.parse(line) as { data: string }).data, "\x1b\u009b\u202e👍");
  });
});
