import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { parseProxy, shownProxy } from "./proxy.js";

const basic = (credentials: string) => `Basic ${Buffer.from(credentials).toString("base64")}`;

describe("parseProxy", () => {
  const good: [string, Partial<Exclude<ReturnType<typeof parseProxy>, string>>][] = [
    [
      "http://proxy.example:3128",
      { secure: false, host: "proxy.example", port: 3128, authorization: undefined },
    ],
    ["http://proxy.example", { port: 80 }],
    ["http://proxy.example/", { port: 80 }],
    ["HTTPS://Proxy.Example", { secure: true, host: "proxy.example", port: 443 }],
    ["proxy.example:80", { secure: false, host: "proxy.example", port: 80 }],
    ["http://[::1]:8080", { host: "::1", port: 8080 }],
    ["http://me:word@proxy.example", { host: "proxy.example", authorization: basic("me:word") }],
    ["http://me@proxy.example", { authorization: basic("me:") }],
    ["http://me:a%3Ab%40c%@proxy.example", { authorization: basic("me:a:b@c%") }],
    [
      "http://me:a@b:c/d?e#f@proxy.example:81",
      { host: "proxy.example", port: 81, authorization: basic("me:a@b:c/d?e#f") },
    ],
    ["http://ünal:pässwörd@proxy.example", { authorization: basic("ünal:pässwörd") }],
  ];
  for (const [text, expected] of good) {
    test(text, () => {
      const proxy = parseProxy(text, 80);
      assert.ok(typeof proxy === "object", String(proxy));
      assert.deepEqual({ ...proxy, ...expected }, proxy);
    });
  }

  for (const [text, expected] of [
    ["socks5://me:secret@proxy.example", /scheme is "socks5".*socks-proxy-agent/],
    ["ftp://me:secret@proxy.example", /scheme is "ftp"/],
    ["http://", /host/],
    ["http://me:secret@", /host/],
    ["http://me:secret@proxy.example:99999", /port/],
    ["http://me:secret@proxy.example/path", /URL of a proxy/],
    ["http://me:secret@proxy example", /host/],
  ] as const) {
    test(`${text} is refused without its password`, () => {
      const problem = parseProxy(text, 80);
      assert.ok(typeof problem === "string");
      assert.match(problem, expected);
      assert.doesNotMatch(problem, /secret/);
    });
  }

  test("shownProxy leaves the credentials out", () => {
    for (const [text, expected] of [
      ["http://me:secret@proxy.example", "http://proxy.example:80"],
      ["https://me:secret@[::1]", "https://[::1]:443"],
    ] as const) {
      const proxy = parseProxy(text, 80);
      assert.ok(typeof proxy === "object");
      assert.equal(shownProxy(proxy), expected);
    }
  });
});
