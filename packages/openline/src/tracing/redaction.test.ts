import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { hidden, maskHeaders, maskUrl } from "./redaction.js";

describe("maskHeaders", () => {
  test("shows the handshake's own headers in their order", () => {
    const headers: [string, string][] = [
      ["Host", "example.com"],
      ["Upgrade", "websocket"],
      ["Origin", "https://example.com"],
    ];
    assert.deepEqual(maskHeaders(headers), headers);
  });

  for (const name of [
    "Authorization",
    "authorization",
    "Cookie",
    "Set-Cookie",
    "Proxy-Authorization",
    "Proxy-Authenticate",
    "WWW-Authenticate",
    "Sec-WebSocket-Key",
    "Location",
    "X-Api-Key",
  ]) {
    test(`hides the value of ${name}`, () => {
      assert.deepEqual(maskHeaders([[name, "secret"]]), [[name, hidden]]);
    });
  }
});

describe("maskUrl", () => {
  test("is without user name and password", () => {
    assert.equal(maskUrl("wss://user:secret@example.com:8443/path?a=b"), "wss://example.com:8443/path?a=b");
    assert.equal(maskUrl("ws://user@example.com/"), "ws://example.com/");
  });

  test("hides what the query names as a credential", () => {
    for (const name of [
      "token",
      "access_token",
      "api_key",
      "apiKey",
      "signature",
      "X-Amz-Security-Token",
      "ticket",
    ]) {
      const url = maskUrl(`wss://example.com/?room=1&${name}=secret`);
      assert.ok(!url.includes("secret"), url);
      assert.ok(url.includes("room=1"), url);
    }
  });

  test("text that is no URL is not shown", () => {
    assert.equal(maskUrl("//secret"), "");
  });
});
