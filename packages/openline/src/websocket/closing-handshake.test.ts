import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { CloseEvent } from "../index.js";
import { close, closeBody, encodeFrame, ping, text } from "../testing-support/frames.test.support.js";
import { until } from "../testing-support/guard.test.support.js";
import {
  assertAbnormal,
  closed,
  failure,
  nextEvent,
  openLine,
  openLineWith,
} from "../testing-support/sockets.test.support.js";

function assertClosed(event: CloseEvent, code: number, reason: string, wasClean: boolean): void {
  assert.deepEqual(
    { code: event.code, reason: event.reason, wasClean: event.wasClean },
    { code, reason, wasClean },
  );
}

describe("a close frame from the server", () => {
  for (const code of [1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 4999]) {
    test(`with ${code} is answered with the same code and gives it to the program`, async (t) => {
      const { socket, peer } = await openLine(t);
      const types: string[] = [];
      socket.onerror = () => types.push("error");
      const done = closed(socket);
      peer.send(close(code, "because"));
      assert.equal(await peer.nextCloseCode(), code);
      peer.socket.end();
      assertClosed(await done, code, "because", true);
      assert.deepEqual(types, []);
    });
  }

  test("without a code is answered with an empty body and becomes 1005", async (t) => {
    const { socket, peer } = await openLine(t);
    const done = closed(socket);
    peer.send(close());
    assert.equal(await peer.nextCloseCode(), undefined);
    peer.socket.end();
    assertClosed(await done, 1005, "", true);
  });

  test("keeps a BOM and every other character of the reason", async (t) => {
    const { socket, peer } = await openLine(t);
    const done = closed(socket);
    const reason = `\ufeff€${"r".repeat(117)}`;
    peer.send(close(3000, reason));
    peer.socket.end();
    assertClosed(await done, 3000, reason, true);
  });

  test("makes the object CLOSING before the connection is gone", async (t) => {
    const { socket, peer } = await openLine(t);
    const done = closed(socket);
    peer.send(close(1000));
    await peer.nextCloseCode();
    await until(() => socket.readyState === 2, "the object is CLOSING");
    peer.socket.end();
    await done;
    assert.equal(socket.readyState, 3);
  });

  test("comes after the messages of its packet, and nothing comes after it", async (t) => {
    const { socket, peer } = await openLine(t);
    const got: unknown[] = [];
    socket.onmessage = ({ data }) => got.push(data);
    const done = closed(socket);
    peer.send(text("1"), text("2"), ping("!"), close(1000), text("3"), encodeFrame(0x3, "no frame"));
    const pong = await peer.nextFrame();
    assert.deepEqual([pong.opcode, pong.payload.toString()], [0xa, "!"]);
    assert.equal(await peer.nextCloseCode(), 1000);
    peer.socket.end();
    assertClosed(await done, 1000, "", true);
    assert.deepEqual(got, ["1", "2"]);
  });

  test("right after the handshake: open, then close", async (t) => {
    const types: string[] = [];
    const { socket, peer } = await openLineWith(t, [close(4000, "no thanks")], (made) => {
      for (const type of ["open", "message", "error", "close"]) {
        made.addEventListener(type, () => types.push(`${type} ${made.readyState}`));
      }
    });
    const done = closed(socket);
    peer.socket.end();
    assertClosed(await done, 4000, "no thanks", true);
    assert.deepEqual(types, ["open 1", "close 3"]);
  });

  test("in single bytes", async (t) => {
    const { socket, peer } = await openLine(t);
    peer.socket.setNoDelay(true);
    const done = closed(socket);
    for (const byte of close(3456, "slow")) {
      peer.send(Uint8Array.of(byte));
      await new Promise((resolve) => setImmediate(resolve));
    }
    peer.socket.end();
    assertClosed(await done, 3456, "slow", true);
  });

  for (const code of [0, 999, 1004, 1005, 1006, 1015, 1016, 2000, 2999, 5000, 65_535]) {
    test(`with ${code}, which may not be sent, fails the connection with 1002`, async (t) => {
      const { socket, peer } = await openLine(t);
      const failing = failure(socket);
      peer.send(close(code, "wrong"));
      assert.equal(await peer.nextCloseCode(), 1002);
      peer.socket.end();
      const { error, close: event } = await failing;
      assert.equal(error.code, "ERR_WS_CLOSE_FRAME");
      assert.ok(error.message.includes(String(code)), error.message);
      assertAbnormal(event);
    });
  }

  test("with a body of one byte fails the connection with 1002", async (t) => {
    const { socket, peer } = await openLine(t);
    const failing = failure(socket);
    peer.send(encodeFrame(0x8, Uint8Array.of(3)));
    assert.equal(await peer.nextCloseCode(), 1002);
    peer.socket.end();
    const { error, close: event } = await failing;
    assert.equal(error.code, "ERR_WS_CLOSE_FRAME");
    assertAbnormal(event);
  });

  test("with a reason that is no UTF-8 fails the connection with 1007", async (t) => {
    const { socket, peer } = await openLine(t);
    const failing = failure(socket);
    peer.send(close(1000, Uint8Array.of(0x61, 0xff)));
    assert.equal(await peer.nextCloseCode(), 1007);
    peer.socket.end();
    const { error, close: event } = await failing;
    assert.equal(error.code, "ERR_WS_INVALID_UTF8");
    assertAbnormal(event);
  });
});

describe("a closing handshake that the program begins", () => {
  test("gives the code of the server's frame, whatever was sent", async (t) => {
    const { socket, peer } = await openLine(t);
    socket.close(3000, "ours");
    const done = closed(socket);
    await peer.nextCloseCode();
    peer.send(close(3333, "theirs"));
    peer.socket.end();
    assertClosed(await done, 3333, "theirs", true);
  });

  test("answered without a code becomes 1005", async (t) => {
    const { socket, peer } = await openLine(t);
    socket.close(1000, "ours");
    const done = closed(socket);
    await peer.nextCloseCode();
    peer.send(close());
    peer.socket.end();
    assertClosed(await done, 1005, "", true);
  });

  test("while the server's close frame is on its way sends one close frame", async (t) => {
    const { socket, peer } = await openLine(t);
    const done = closed(socket);
    peer.send(close(4001, "server"));
    socket.close(4000, "client");
    const frames = [await peer.nextFrame()];
    peer.socket.end();
    assertClosed(await done, 4001, "server", true);
    frames.push(...(await peer.framesToEnd()));
    assert.deepEqual(
      frames.map(({ opcode, payload }) => [opcode, payload]),
      [[0x8, closeBody(4000, "client")]],
    );
  });

  test("cut before the answer is 1006 and not clean", async (t) => {
    for (const cut of ["end", "destroy", "resetAndDestroy"] as const) {
      const { socket, peer } = await openLine(t);
      socket.close(1000);
      const done = closed(socket);
      await peer.nextCloseCode();
      peer.socket[cut]();
      assertAbnormal(await done);
    }
  });

  test("an invalid answer is 1006 and not clean", async (t) => {
    const { socket, peer } = await openLine(t);
    socket.close(1000);
    const failing = failure(socket);
    await peer.nextCloseCode();
    peer.send(encodeFrame(0x8, Uint8Array.of(0)));
    peer.socket.end();
    const { error, close: event } = await failing;
    assert.equal(error.code, "ERR_WS_CLOSE_FRAME");
    assertAbnormal(event);
  });

  test("still reads, checks and drops what the server sends before its close frame", async (t) => {
    const { socket, peer } = await openLine(t);
    const got: unknown[] = [];
    socket.onmessage = ({ data }) => got.push(data);
    socket.close(1000);
    const done = closed(socket);
    await peer.nextCloseCode();
    peer.send(text("late"), ping(), text("later"), close(1000));
    peer.socket.end();
    assertClosed(await done, 1000, "", true);
    assert.deepEqual(got, []);
  });

  test("without an answer ends after closeTimeout: 1006, not clean", async (t) => {
    const { socket, peer } = await openLine(t, { closeTimeout: 50 });
    socket.close(1000);
    const done = closed(socket);
    await peer.nextCloseCode();
    assertAbnormal(await done);
    await peer.ended;
  });

  test("through, with a server that keeps the connection, ends after closeTimeout: clean", async (t) => {
    const { socket, peer } = await openLine(t, { closeTimeout: 50 });
    const done = closed(socket);
    peer.send(close(4000, "kept"));
    await peer.nextCloseCode();
    assertClosed(await done, 4000, "kept", true);
    await peer.ended;
  });
});

describe("a connection that ends without a close frame", () => {
  // [6455] 7.2.1 would fail the connection, with an error event; Chromium fires close alone, and so do we.
  for (const cut of ["end", "destroy", "resetAndDestroy"] as const) {
    test(`by ${cut} is 1006 and not clean, without an error event`, async (t) => {
      const { socket, peer } = await openLine(t);
      const types: string[] = [];
      for (const type of ["message", "error", "close"]) {
        socket.addEventListener(type, () => types.push(`${type} ${socket.readyState}`));
      }
      const message = nextEvent(socket, "message");
      peer.send(text("before"));
      await message;
      const done = closed(socket);
      peer.socket[cut]();
      assertAbnormal(await done);
      assert.deepEqual(types, ["message 1", "close 3"]);
    });
  }

  test("in the middle of a frame is 1006 and not clean; the messages before it arrive", async (t) => {
    const { socket, peer } = await openLine(t);
    const got: unknown[] = [];
    socket.onmessage = ({ data }) => got.push(data);
    const done = closed(socket);
    peer.send(text("whole"), text("half of it").subarray(0, 5));
    peer.socket.end();
    assertAbnormal(await done);
    assert.deepEqual(got, ["whole"]);
  });
});
