import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { WebSocket } from "../index.js";
import { rawServer } from "../testing-support/raw-server.test.support.js";
import { closed, construct, domException } from "../testing-support/sockets.test.support.js";

/** Ends the attempt to connect at once: only the object's values are of interest. */
function urlOf(url: unknown): string {
  const socket = construct(url);
  socket.close();
  return socket.url;
}

describe("url", () => {
  const cases: [unknown, string][] = [
    ["ws://127.0.0.1:1234", "ws://127.0.0.1:1234/"],
    ["WS://LOCALHOST:1234/Path?Query", "ws://localhost:1234/Path?Query"],
    ["ws://127.0.0.1:80/", "ws://127.0.0.1/"],
    ["wss://127.0.0.1:443/", "wss://127.0.0.1/"],
    ["ws://127.0.0.1:443/", "ws://127.0.0.1:443/"],
    ["wss://127.0.0.1:80/", "wss://127.0.0.1:80/"],
    ["  ws://127.0.0.1:1234/\n", "ws://127.0.0.1:1234/"],
    ["ws://127.0.0.1:1234/a b?c d", "ws://127.0.0.1:1234/a%20b?c%20d"],
    ["ws://127.0.0.1:1234/ü\ud800", "ws://127.0.0.1:1234/%C3%BC%EF%BF%BD"],
    ["ws://127.0.0.1:1234/%23", "ws://127.0.0.1:1234/%23"],
    ["ws:127.0.0.1:1234", "ws://127.0.0.1:1234/"],
    ["ws://0x7f.1:1234/", "ws://127.0.0.1:1234/"],
    ["ws://[0:0::1]:1234/", "ws://[::1]:1234/"],
    ["ws://user:secret@127.0.0.1:1234/", "ws://user:secret@127.0.0.1:1234/"],
    ["http://127.0.0.1:1234/x?y", "ws://127.0.0.1:1234/x?y"],
    ["https://127.0.0.1:1234/x?y", "wss://127.0.0.1:1234/x?y"],
    ["http://127.0.0.1:80/", "ws://127.0.0.1/"],
    ["https://127.0.0.1:443/", "wss://127.0.0.1/"],
    [new URL("ws://127.0.0.1:1234/object"), "ws://127.0.0.1:1234/object"],
    [{ toString: () => "ws://127.0.0.1:1234/string" }, "ws://127.0.0.1:1234/string"],
  ];
  for (const [url, expected] of cases) {
    test(`${JSON.stringify(url)} becomes ${expected}`, () => assert.equal(urlOf(url), expected));
  }

  /** Wrong URLs, and what of them the message has to show where it need not be all. */
  const wrong: (readonly [url: string, shown?: string])[] = [
    [""],
    ["/relative"],
    ["127.0.0.1"],
    ["ws://"],
    ["ws://?"],
    ["ws://127.0.0.1:65536/"],
    ["ws://127.0.0.1:port/"],
    ["ws://a b/"],
    ["ws://[::1/"],
    ["ws://256.256.256.256/"],
    ["ftp://127.0.0.1/", "ftp"],
    ["file:///tmp/socket", "file"],
    ["mailto:someone@example.com", "mailto"],
    ["about:blank", "about"],
    ["javascript:0", "javascript"],
    ["data:,x", "data"],
    ["blob:https://example.com/1", "blob"],
    ["wsx://127.0.0.1/", "wsx"],
    ["ws://127.0.0.1/#"],
    ["ws://127.0.0.1/#fragment"],
    ["ws://127.0.0.1/?a#b"],
    ["wss://127.0.0.1/#"],
    ["http://127.0.0.1/#", "127.0.0.1/#"],
  ];
  for (const [url, shown = url] of wrong) {
    test(`${JSON.stringify(url)} is a SyntaxError`, () => {
      assert.throws(() => new WebSocket(url), domException("SyntaxError", shown));
    });
  }

  test("a value without a string is a TypeError", () => {
    assert.throws(() => construct(Symbol("ws://127.0.0.1/")), TypeError);
    assert.throws(() => construct(Object.create(null)), TypeError);
    for (const value of [undefined, null, 1, {}]) {
      assert.throws(() => construct(value), domException("SyntaxError", String(value)));
    }
  });

  test("an exception in toString comes through", () => {
    const own = new Error("own");
    const url = {
      toString() {
        throw own;
      },
    };
    assert.throws(
      () => construct(url),
      (error) => error === own,
    );
  });
});

describe("protocols", () => {
  const url = "ws://127.0.0.1:1234/";
  const separators = [...'()<>@,;:\\"/[]?={} \t'];
  const outside = [
    "",
    "a b",
    "a,b",
    "\u0000",
    "\u001f",
    "\u007f",
    "\u0080",
    "é",
    "\u{1f600}",
    "\ud800",
    "a\r\nb",
  ];
  for (const protocol of [...separators, ...outside]) {
    test(`${JSON.stringify(protocol)} is a SyntaxError, alone or in a list`, () => {
      assert.throws(() => new WebSocket(url, protocol), domException("SyntaxError", protocol));
      assert.throws(() => new WebSocket(url, ["chat", protocol]), domException("SyntaxError", protocol));
    });
  }

  for (const list of [
    ["a", "a"],
    ["a", "b", "a"],
    ["chat", "Chat"],
    ["x", "CHAT", "chat"],
  ]) {
    test(`duplicates are a SyntaxError: ${list.join(", ")}`, () => {
      assert.throws(() => new WebSocket(url, list), domException("SyntaxError", list.at(-1) ?? ""));
    });
  }

  test("conversions come before the URL is looked at", () => {
    assert.throws(() => construct("no url", Symbol("chat")), TypeError);
    assert.throws(() => construct("no url", ["chat", Symbol("chat")]), TypeError);
    assert.throws(() => construct("no url", { [Symbol.iterator]: 5 }), TypeError);
  });

  test("an exception in the iterator comes through", () => {
    const own = new Error("own");
    function* broken() {
      yield "chat";
      throw own;
    }
    assert.throws(
      () => construct(url, broken()),
      (error) => error === own,
    );
  });

  const everyTokenCharacter = "!#$%&'*+-.^_`|~09azAZ";
  const sent: [string, unknown[], string | undefined][] = [
    ["nothing", [], undefined],
    ["undefined", [undefined], undefined],
    ["an empty list", [[]], undefined],
    ["a string", ["chat"], "chat"],
    ["every character of a token", [everyTokenCharacter], everyTokenCharacter],
    ["a list", [["chat", "superchat"]], "chat, superchat"],
    ["a set", [new Set(["b", "a"])], "b, a"],
    ["null", [null], "null"],
    ["a number", [13], "13"],
    ["a list of other values", [[1, null, undefined, true]], "1, null, undefined, true"],
    // [IDL] 3.2.25: an object with an iterator is a sequence before it is a string.
    ["a String object", [new String("ab")], "a, b"],
  ];
  for (const [what, args, expected] of sent) {
    test(`${what} asks for ${expected ?? "no subprotocol"}`, async (t) => {
      const server = await rawServer(t);
      const socket = construct(server.url, ...args);
      const { request } = await server.nextRequest();
      assert.equal(request.get("Sec-WebSocket-Protocol"), expected);
      socket.close();
      await closed(socket);
    });
  }

  test("a wrong argument opens no connection", async (t) => {
    const server = await rawServer(t);
    assert.throws(() => new WebSocket(`${server.url}/#`));
    assert.throws(() => new WebSocket(server.url, ["a", "a"]));
    const socket = new WebSocket(server.url);
    await server.nextRequest();
    assert.equal(server.connections, 1);
    socket.close();
    await closed(socket);
  });
});

describe("a new object", () => {
  test("is CONNECTING and has nothing else yet", async (t) => {
    const server = await rawServer(t);
    const socket = new WebSocket(server.url, ["chat"]);
    assert.equal(socket.readyState, 0);
    assert.equal(socket.bufferedAmount, 0);
    assert.equal(socket.protocol, "");
    assert.equal(socket.extensions, "");
    assert.equal(socket.binaryType, "blob");
    assert.deepEqual(
      [socket.onopen, socket.onmessage, socket.onerror, socket.onclose],
      [null, null, null, null],
    );
    await server.nextRequest();
    assert.equal(socket.readyState, 0);
    socket.close();
    await closed(socket);
  });
});
