import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { splitUnixSocketUrl } from "./unix-socket-url.js";

describe("ws+unix:", () => {
  for (const [text, path, url] of [
    ["ws+unix:/run/a.sock:/chat?room=1", "/run/a.sock", "ws://localhost/chat?room=1"],
    ["ws+unix:///run/a.sock:/chat", "/run/a.sock", "ws://localhost/chat"],
    ["ws+unix:/run/a.sock", "/run/a.sock", "ws://localhost/"],
    ["ws+unix:/run/a.sock:", "/run/a.sock", "ws://localhost/"],
    ["ws+unix:/run/a.sock?x=:1", "/run/a.sock", "ws://localhost/?x=:1"],
    ["ws+unix:/run/a.sock:/b:c", "/run/a.sock", "ws://localhost/b:c"],
    ["ws+unix:/run/a%20b%3Ac.sock:/%41%3F", "/run/a b:c.sock", "ws://localhost/%41%3F"],
    ["ws+unix:./a.sock:/x", "./a.sock", "ws://localhost/x"],
    ["wss+unix:/run/a.sock:/x", "/run/a.sock", "wss://localhost/x"],
  ] as const) {
    test(text, () => {
      const target = splitUnixSocketUrl(new URL(text));
      assert.equal(target?.socketPath, path);
      assert.equal(target.url.href, url);
    });
  }

  for (const text of [
    "ws+unix://host/run/a.sock:/x",
    "ws+unix:",
    "ws+unix:/",
    "ws+unix::/x",
    "ws+unix://me@host/a",
  ]) {
    test(`${text} names no socket`, () => assert.equal(splitUnixSocketUrl(new URL(text)), undefined));
  }
});
