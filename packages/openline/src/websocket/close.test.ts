import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { WebSocket } from "../index.js";
import { close, closeBody, text } from "../testing-support/frames.test.support.js";
import { microtasks } from "../testing-support/guard.test.support.js";
import { rawServer, switchingProtocols } from "../testing-support/raw-server.test.support.js";
import {
  assertAbnormal,
  assertHandshakeFails,
  call,
  closed,
  construct,
  domException,
  nextEvent,
  openLine,
  openLineWith,
} from "../testing-support/sockets.test.support.js";

describe("close: arguments", () => {
  // [IDL] [Clamp] unsigned short: into range first, then to the nearest integer, halves to the even one.
  const wrong: unknown[] = [
    0,
    1,
    999,
    1001,
    1002,
    1005,
    1006,
    1015,
    2999,
    5000,
    65_535,
    65_536,
    -1,
    1000.6,
    4999.5,
    999.4,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
    null,
    "",
    "normal",
    true,
    {},
    68_536,
  ];
  test("a code that a program may not send is an InvalidAccessError and changes nothing", async (t) => {
    const { socket, peer } = await openLine(t);
    for (const code of wrong) {
      const shown = typeof code === "number" && Number.isInteger(code) && code >= 0 && code <= 65_535;
      assert.throws(
        () => call(socket, "close", code),
        domException("InvalidAccessError", ...(shown ? [String(code)] : [])),
        `close(${String(code)})`,
      );
    }
    assert.equal(socket.readyState, WebSocket.OPEN);
    socket.send("still open");
    assert.equal((await peer.nextFrame()).payload.toString(), "still open");
  });

  test("a code that is no number is a TypeError", async (t) => {
    const { socket } = await openLine(t);
    assert.throws(() => call(socket, "close", Symbol("1000")), TypeError);
    assert.throws(() => call(socket, "close", 1000n), TypeError);
    assert.throws(() => call(socket, "close", 1000, Symbol("why")), TypeError);
    assert.equal(socket.readyState, WebSocket.OPEN);
  });

  const right: [unknown, number][] = [
    [1000, 1000],
    [3000, 3000],
    [4999, 4999],
    ["1000", 1000],
    [1000.4, 1000],
    [1000.5, 1000],
    [999.5, 1000],
    [2999.5, 3000],
    [4999.4, 4999],
    [{ valueOf: () => 3210 }, 3210],
  ];
  for (const [code, expected] of right) {
    test(`the code ${JSON.stringify(code)} goes out as ${expected}`, async (t) => {
      const { socket, peer } = await openLine(t);
      assert.equal(call(socket, "close", code), undefined);
      assert.equal(socket.readyState, WebSocket.CLOSING);
      assert.deepEqual([...(await peer.nextFrame()).payload], [...closeBody(expected)]);
    });
  }

  for (const args of [[], [undefined], [undefined, undefined]]) {
    test(`close(${args.map(String).join(", ")}) sends an empty body`, async (t) => {
      const { socket, peer } = await openLine(t);
      call(socket, "close", ...args);
      const frame = await peer.nextFrame();
      assert.deepEqual([frame.opcode, frame.payload.length], [0x8, 0]);
    });
  }

  const reasons: [unknown, string][] = [
    ["done", "done"],
    ["", ""],
    [undefined, ""],
    ["r".repeat(123), "r".repeat(123)],
    ["€".repeat(41), "€".repeat(41)],
    ["a\ud800b", "a\ufffdb"],
    ["\ufeffx", "\ufeffx"],
    [null, "null"],
    [7, "7"],
  ];
  for (const [reason, expected] of reasons) {
    test(`the reason ${JSON.stringify(reason)?.slice(0, 20)} goes out as UTF-8`, async (t) => {
      const { socket, peer } = await openLine(t);
      call(socket, "close", 4321, reason);
      assert.deepEqual((await peer.nextFrame()).payload, closeBody(4321, expected));
    });
  }

  test("a reason of more than 123 bytes is a SyntaxError and changes nothing", async (t) => {
    const { socket } = await openLine(t);
    for (const reason of ["r".repeat(124), `${"€".repeat(41)}r`, "é".repeat(62), "\ud800".repeat(42)]) {
      assert.throws(() => socket.close(1000, reason), domException("SyntaxError"));
      assert.throws(() => call(socket, "close", undefined, reason), domException("SyntaxError"));
      assert.throws(() => socket.close(999, reason), domException("InvalidAccessError"));
    }
    assert.equal(socket.readyState, WebSocket.OPEN);
  });

  // [WS] leaves open what goes out for a reason without a code; a close frame can't carry it alone.
  test("a reason without a code closes cleanly", async (t) => {
    const { socket, peer } = await openLine(t);
    call(socket, "close", undefined, "why");
    const done = closed(socket);
    const body = (await peer.nextFrame()).payload;
    if (body.length > 0) assert.deepEqual(body, closeBody(1000, "why"));
    peer.send(close(1000));
    peer.socket.end();
    assert.equal((await done).wasClean, true);
  });

  test("arguments are checked in every state", async (t) => {
    const server = await rawServer(t);
    const socket = construct(server.url);
    const check = () => {
      const before = socket.readyState;
      assert.throws(() => socket.close(999), domException("InvalidAccessError", "999"));
      assert.throws(() => socket.close(1000, "r".repeat(124)), domException("SyntaxError"));
      assert.equal(socket.readyState, before);
    };
    check();
    socket.close();
    check();
    await closed(socket);
    check();
  });
});

describe("close: while CONNECTING", () => {
  test("is CLOSING at once; error and close come in a later task", async (t) => {
    const server = await rawServer(t);
    const socket = construct(server.url);
    const failing = assertHandshakeFails(socket, "ERR_WS_HANDSHAKE_ABORTED");
    const types: string[] = [];
    for (const type of ["error", "close"]) socket.addEventListener(type, () => types.push(type));
    assert.equal(call(socket, "close"), undefined);
    assert.equal(socket.readyState, WebSocket.CLOSING);
    assert.deepEqual(types, []);
    await microtasks(20);
    assert.deepEqual(types, []);
    assert.equal(socket.readyState, WebSocket.CLOSING);
    await failing;
  });

  test("with the request on its way cuts the connection; an answer opens nothing", async (t) => {
    const server = await rawServer(t);
    const socket = construct(server.url);
    const { peer, request } = await server.nextRequest();
    const failing = assertHandshakeFails(socket, "ERR_WS_HANDSHAKE_ABORTED");
    socket.close(3000, "never mind");
    socket.close();
    peer.send(switchingProtocols(request), text("too late"));
    await failing;
    await peer.ended;
  });

  test("with the answer in the same turn still opens nothing", async (t) => {
    const server = await rawServer(t);
    const socket = construct(server.url);
    const { peer, request } = await server.nextRequest();
    const failing = assertHandshakeFails(socket, "ERR_WS_HANDSHAKE_ABORTED");
    peer.send(switchingProtocols(request));
    socket.close();
    await failing;
  });

  test("in an error handler does nothing", async (t) => {
    const server = await rawServer(t);
    const socket = construct(server.url);
    socket.onerror = () => socket.close(1000, "in error");
    const { peer } = await server.nextRequest();
    const done = closed(socket);
    peer.socket.end("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n");
    assertAbnormal(await done);
  });
});

describe("close: while OPEN and later", () => {
  test("twice sends one close frame; the first arguments count", async (t) => {
    const { socket, peer } = await openLine(t);
    socket.close(3001, "first");
    socket.close(3002, "second");
    socket.close();
    const done = closed(socket);
    assert.deepEqual((await peer.nextFrame()).payload, closeBody(3001, "first"));
    peer.send(close(3001, "first"));
    peer.socket.end();
    const { code, reason, wasClean } = await done;
    assert.deepEqual({ code, reason, wasClean }, { code: 3001, reason: "first", wasClean: true });
    socket.close(3003);
    assert.equal(socket.readyState, WebSocket.CLOSED);
    assert.deepEqual(await peer.framesToEnd(), []);
  });

  test("stays CLOSING until the closing handshake and the connection are through", async (t) => {
    const { socket, peer } = await openLine(t);
    const done = closed(socket);
    socket.close(1000);
    assert.equal(socket.readyState, WebSocket.CLOSING);
    await peer.nextFrame();
    assert.equal(socket.readyState, WebSocket.CLOSING);
    peer.send(close(1000));
    peer.socket.end();
    await done;
    assert.equal(socket.readyState, WebSocket.CLOSED);
  });

  test("ends all message events, also those of the same packet", async (t) => {
    const { socket, peer } = await openLine(t);
    const got: unknown[] = [];
    socket.onmessage = ({ data }) => {
      got.push(data);
      if (data === "second") socket.close();
    };
    const done = closed(socket);
    peer.send(text("first"), text("second"), text("third"), text("fourth"));
    await peer.nextCloseCode();
    peer.send(text("fifth"), close(1000), text("sixth"));
    peer.socket.end();
    assert.equal((await done).wasClean, true);
    assert.deepEqual(got, ["first", "second"]);
  });

  test("before any message was delivered ends them all", async (t) => {
    const got: unknown[] = [];
    const { socket, peer } = await openLineWith(t, [text("a"), text("b")], (made) => {
      made.onopen = () => made.close();
      made.onmessage = ({ data }) => got.push(data);
    });
    const done = closed(socket);
    await peer.nextCloseCode();
    peer.send(close());
    peer.socket.end();
    assert.equal((await done).wasClean, true);
    assert.deepEqual(got, []);
  });

  test("in a close handler does nothing", async (t) => {
    const { socket, peer } = await openLine(t);
    let calls = 0;
    socket.onclose = () => {
      calls += 1;
      socket.close(3000);
    };
    const done = closed(socket);
    peer.send(close(1001, "going"));
    peer.socket.end();
    assert.equal((await done).code, 1001);
    assert.equal(socket.readyState, WebSocket.CLOSED);
    assert.equal(calls, 1);
  });

  test("after the server's close frame changes neither code nor reason", async (t) => {
    const { socket, peer } = await openLine(t);
    const message = nextEvent(socket, "message");
    peer.send(text("last"), close(4000, "theirs"));
    await message;
    socket.close(3000, "ours");
    const done = closed(socket);
    await peer.nextCloseCode();
    peer.socket.end();
    const { code, reason, wasClean } = await done;
    assert.deepEqual({ code, reason, wasClean }, { code: 4000, reason: "theirs", wasClean: true });
  });
});
