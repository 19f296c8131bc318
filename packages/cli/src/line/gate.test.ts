import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { Gate, type GateOptions } from "./gate.js";

const target: GateOptions = {
  host: "server.example:81",
  headers: [["X-Key", "k"]],
  origins: undefined,
  secret: undefined,
};

/** What reaches the server of `bytes`, which come in pieces of these sizes; or the answer in its place. */
function through(bytes: string | Buffer, sizes: readonly number[] = [], options = target): string {
  const gate = new Gate(options);
  const all = Buffer.from(bytes);
  let passed = "";
  for (let at = 0, piece = 0; at < all.length; piece++) {
    const size = sizes.length === 0 ? all.length : (sizes[piece % sizes.length] ?? 1);
    const result = gate.pass(Buffer.from(all.subarray(at, at + size)));
    if ("answer" in result) return `${passed}${Buffer.from(result.answer).toString("latin1")}`;
    passed += Buffer.from(result).toString("latin1");
    at += size;
  }
  return passed;
}

const upgrade = "GET /chat HTTP/1.1\r\nuPgrade: websocket\r\nHOST:localhost:9\r\nX-Key: own\r\n\r\n";
const upgraded = "GET /chat HTTP/1.1\r\nuPgrade: websocket\r\nHost: server.example:81\r\nX-Key: k\r\n\r\n";
const post = (length: number, body: string) =>
  `POST /poll HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: ${length}\r\n\r\n${body}`;
const posted = (length: number, body: string) =>
  `POST /poll HTTP/1.1\r\nHost: server.example:81\r\nContent-Length: ${length}\r\nX-Key: k\r\n\r\n${body}`;

describe("Gate", () => {
  const frames = Buffer.from([0x81, 0x80, 1, 2, 3, 4, 13, 10, 13, 10]).toString("latin1");
  const cases: [name: string, given: string, passed: string][] = [
    ["names the target and adds headers, and leaves the rest as it is", upgrade, upgraded],
    [
      "passes what comes behind a request that may change the protocol",
      upgrade + frames + upgrade,
      upgraded + frames + upgrade,
    ],
    [
      "sees each request of a connection",
      post(5, "hello") + post(0, "") + upgrade,
      posted(5, "hello") + posted(0, "") + upgraded,
    ],
    [
      "takes no body for a request",
      post(upgrade.length, upgrade) + upgrade,
      posted(upgrade.length, upgrade) + upgraded,
    ],
    [
      "passes on a body whose end it can't see",
      "POST / HTTP/1.1\r\nHost: [::1]\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
      "POST / HTTP/1.1\r\nHost: server.example:81\r\nTransfer-Encoding: chunked\r\nX-Key: k\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
    ],
    ["passes on what is no HTTP", `\x16\x03\x01${upgrade}`, `\x16\x03\x01${upgrade}`],
  ];
  for (const [name, given, passed] of cases) {
    it(name, () => {
      const bytes = Buffer.from(given, "latin1");
      assert.equal(through(bytes), passed);
      fc.assert(
        fc.property(fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 20 }), (sizes) => {
          assert.equal(through(bytes, sizes), passed);
        }),
      );
    });
  }

  it("refuses a second request as it does the first", () => {
    const foreign = "GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n";
    assert.match(through(foreign), /^HTTP\/1\.1 403 /);
    const [first, second] = [post(2, "ok"), foreign];
    assert.match(through(first + second), /^HTTP\/1\.1 403 /);
    assert.match(through(first + second, [first.length, second.length]), /ok.*HTTP\/1\.1 403 /s);
  });

  it("lets in who knows the secret, which the server doesn't get to see", () => {
    const options = { ...target, secret: "s3cret" };
    const ask = (path: string) => `GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`;
    assert.match(
      through(ask("/s3cret/chat?x=/s3cret/"), [], options),
      /^GET \/chat\?x=\/s3cret\/ HTTP\/1\.1\r\n/,
    );
    assert.match(through(ask("/s3cret/"), [], options), /^GET \/ HTTP\/1\.1\r\n/);
    for (const path of [
      "/",
      "/s3cret",
      "/s3cret?",
      "/S3cret/",
      "/s3cre/t/",
      "//s3cret/",
      "/x/s3cret/",
      "/s3cretx/",
      "*",
    ]) {
      assert.match(through(ask(path), [], options), /^HTTP\/1\.1 404 /, path);
    }
  });

  it("refuses foreign origins where it knows its own", () => {
    const from = (origin: string) => `GET / HTTP/1.1\r\nHost: localhost\r\nOrigin: ${origin}\r\n\r\n`;
    const options = { ...target, origins: ["http://localhost:1"] };
    assert.match(through(from("http://localhost:1"), [], options), /^GET /);
    for (const origin of ["http://localhost:10", "null", "https://evil.example"]) {
      assert.match(through(from(origin), [], options), /^HTTP\/1\.1 403 /);
      assert.match(through(from(origin)), /^GET /);
    }
  });
});
