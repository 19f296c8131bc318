import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { acceptValue, createKey, headerValue } from "./opening-handshake.js";

describe("acceptValue", () => {
  it("answers the key of [6455] 1.3", () => {
    assert.equal(acceptValue("dGhlIHNhbXBsZSBub25jZQ=="), "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
  });
});

describe("createKey", () => {
  it("gives 16 bytes in Base64, others each time", () => {
    const keys = Array.from({ length: 100 }, createKey);
    for (const key of keys) {
      assert.equal(Buffer.from(key, "base64").length, 16);
      assert.match(key, /^[A-Za-z0-9+/]{21}[AQgw]==$/);
    }
    assert.equal(new Set(keys).size, 100);
  });
});

describe("headerValue", () => {
  it("gives the value, a list of values joined, and undefined for none", () => {
    const headers = { upgrade: "websocket", connection: ["keep-alive", "Upgrade"] };
    assert.equal(headerValue(headers, "upgrade"), "websocket");
    assert.equal(headerValue(headers, "connection"), "keep-alive, Upgrade");
    assert.equal(headerValue(headers, "host"), undefined);
  });
});
