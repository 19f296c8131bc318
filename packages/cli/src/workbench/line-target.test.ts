import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { readTarget } from "./line-target.js";

describe("readTarget", () => {
  for (const [given, url] of [
    ["ws://127.0.0.1", "ws://127.0.0.1/"],
    ["wss://example.com/chat?room=7", "wss://example.com/chat?room=7"],
    // As the standard has it.
    ["http://example.com/", "ws://example.com/"],
    ["https://example.com:8443/", "wss://example.com:8443/"],
  ] as const) {
    it(`takes ${given}`, () =>
      assert.deepEqual(readTarget({ url: given, headers: [] }), { url, headers: [] }));
  }

  for (const [url, message] of [
    ["", "The URL isn't valid"],
    ["//example.com", "The URL isn't valid"],
    ["ws://", "The URL isn't valid"],
    ["ftp://example.com/", 'The URL has the scheme "ftp:", but must have ws: or wss:'],
    ["ws+unix:///run/docker.sock", 'The URL has the scheme "ws+unix:", but must have ws: or wss:'],
    ["ws://example.com/#", "The URL has a fragment"],
    ["ws://user:hush@example.com/#a", "The URL has a fragment"],
  ] as const) {
    it(`refuses ${JSON.stringify(url)}`, () => {
      assert.throws(() => readTarget({ url, headers: [] }), { name: "SyntaxError", message });
    });
  }

  it("makes a header of a user name and a password", () => {
    const url = "wss://J%C3%BCrgen:p%40ss@example.com/";
    assert.deepEqual(readTarget({ url, headers: [["X-Name", "value"]] }), {
      url: "wss://example.com/",
      headers: [
        ["X-Name", "value"],
        ["Authorization", `Basic ${Buffer.from("Jürgen:p@ss").toString("base64")}`],
      ],
    });
    assert.deepEqual(readTarget({ url: "ws://user@example.com/", headers: [] }).headers, [
      ["Authorization", `Basic ${Buffer.from("user:").toString("base64")}`],
    ]);
    // A name in another encoding is sent as it stands.
    assert.deepEqual(readTarget({ url: "ws://%ff@example.com/", headers: [] }).headers, [
      ["Authorization", `Basic ${Buffer.from("%ff:").toString("base64")}`],
    ]);
  });

  it("leaves a header that was asked for as it is", () => {
    const headers = [["authorization", "Bearer abc"]] as const;
    assert.deepEqual(readTarget({ url: "ws://user:password@example.com/", headers }), {
      url: "ws://example.com/",
      headers,
    });
  });
});
