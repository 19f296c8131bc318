import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { WebSocket } from "../index.js";
import {
  close,
  closeCode,
  continuation,
  encodeFrame,
  ping,
  text,
} from "../testing-support/frames.test.support.js";
import { microtasks, until, within } from "../testing-support/guard.test.support.js";
import { maskKey, rawClient } from "../testing-support/raw-client.test.support.js";
import { listening, nextClient } from "../testing-support/servers.test.support.js";
import {
  assertAbnormal,
  call,
  closed,
  domException,
  failure,
  nextData,
  opened,
} from "../testing-support/sockets.test.support.js";
import type { WebSocketServer } from "./index.js";

const masked = { maskKey };

/** A connection of a raw client with the server's object for it. */
async function rawConnection(t: Parameters<typeof rawClient>[0], server: WebSocketServer, port: number) {
  const connecting = nextClient(server);
  const { peer } = await rawClient(t, port);
  const { socket } = await connecting;
  return { peer, socket };
}

describe("the server's object for a connection", () => {
  test("is a WebSocket that is OPEN and fires no open", async (t) => {
    const { server, url } = await listening(t);
    const types: string[] = [];
    const states: number[] = [];
    server.on("connection", (socket) => {
      assert.ok(socket instanceof WebSocket);
      states.push(socket.readyState);
      socket.addEventListener("open", () => types.push("open"));
      socket.addEventListener("message", () => types.push("message"));
      socket.send("welcome");
    });
    const client = new WebSocket(url);
    assert.equal(await nextData(client), "welcome");
    client.send("thanks");
    const [socket] = server.clients;
    assert.ok(socket !== undefined);
    assert.equal(await nextData(socket), "thanks");
    assert.deepEqual(states, [1]);
    assert.deepEqual(types, ["message"]);
  });

  test("loses no message that came with the handshake, even for a listener that comes some awaits later", async (t) => {
    const { server, port } = await listening(t);
    const got = new Promise<unknown[]>((resolve) => {
      server.on("connection", async (socket) => {
        await microtasks(20);
        const data = [await nextData(socket), await nextData(socket)];
        resolve(data);
      });
    });
    await rawClient(t, port, {}, [text("one", masked), text("two", masked)]);
    assert.deepEqual(await within(got, "both messages"), ["one", "two"]);
  });

  test("sends unmasked frames and answers pings", async (t) => {
    const { server, port } = await listening(t);
    const { peer, socket } = await rawConnection(t, server, port);
    socket.send("text");
    socket.send(Uint8Array.of(1, 2));
    peer.send(ping("are you there", masked));
    const frames = [await peer.nextFrame(), await peer.nextFrame(), await peer.nextFrame()];
    assert.deepEqual(
      frames.map((frame) => [frame.opcode, frame.maskKey, frame.payload.toString("latin1")]),
      [
        [0x1, undefined, "text"],
        [0x2, undefined, "\u0001\u0002"],
        [0xa, undefined, "are you there"],
      ],
    );
  });

  test("has the same exceptions as a client's", async (t) => {
    const { server, port } = await listening(t);
    const { socket } = await rawConnection(t, server, port);
    assert.throws(() => socket.close(1001), domException("InvalidAccessError", "1001"));
    assert.throws(() => call(socket, "send"), TypeError);
  });

  test("closes first: code and reason go out, then the server ends the connection", async (t) => {
    const { server, port } = await listening(t);
    const { peer, socket } = await rawConnection(t, server, port);
    socket.close(4000, "enough");
    assert.equal(socket.readyState, 2);
    const done = closed(socket);
    const frame = await peer.nextFrame();
    assert.deepEqual([closeCode(frame), frame.payload.toString("utf8", 2)], [4000, "enough"]);
    peer.send(close(4000, "", masked));
    // [6455] 7.1.1: the server ends the TCP connection, the client waits for it.
    await within(peer.ended, "the server to end the connection");
    peer.socket.end();
    assert.deepEqual([(await done).wasClean, (await done).code], [true, 4000]);
  });

  test("is closed by the client: the code comes back and the server ends the connection", async (t) => {
    const { server, port } = await listening(t);
    const { peer, socket } = await rawConnection(t, server, port);
    const done = closed(socket);
    peer.send(close(3000, "bye", masked));
    assert.equal(await peer.nextCloseCode(), 3000);
    await within(peer.ended, "the server to end the connection");
    peer.socket.end();
    const { code, reason, wasClean } = await done;
    assert.deepEqual({ code, reason, wasClean }, { code: 3000, reason: "bye", wasClean: true });
    assert.equal(server.clients.size, 0);
  });

  for (const [what, bytes, code, wire] of [
    ["an unmasked frame", text("x"), "ERR_WS_MASK", 1002],
    ["a reserved bit", text("x", { rsv: 2, maskKey }), "ERR_WS_RESERVED_BITS", 1002],
    ["an unknown opcode", encodeFrame(0x5, "", masked), "ERR_WS_UNKNOWN_OPCODE", 1002],
    ["a continuation without a start", continuation("x", masked), "ERR_WS_FRAGMENTATION", 1002],
    ["text that is no UTF-8", text(Uint8Array.of(0xff), masked), "ERR_WS_INVALID_UTF8", 1007],
    ["a message over maxPayload", text("x".repeat(1001), masked), "ERR_WS_MESSAGE_TOO_BIG", 1009],
  ] as const) {
    test(`fails for ${what}: ${code}, ${wire}`, async (t) => {
      const { server, port } = await listening(t, { maxPayload: 1000 });
      const { peer, socket } = await rawConnection(t, server, port);
      const failing = failure(socket);
      peer.send(bytes);
      assert.equal(await peer.nextCloseCode(), wire);
      await within(peer.ended, "the server to end the connection");
      peer.socket.end();
      const { error, close: event } = await failing;
      assert.equal(error.code, code);
      assertAbnormal(event);
      assert.equal(server.clients.size, 0);
    });
  }

  test("of a client that vanishes is 1006 and leaves clients", async (t) => {
    const { server, port } = await listening(t);
    for (const cut of ["end", "destroy", "resetAndDestroy"] as const) {
      const { peer, socket } = await rawConnection(t, server, port);
      assert.equal(server.clients.has(socket), true);
      const done = closed(socket);
      peer.socket[cut]();
      assertAbnormal(await done);
      assert.equal(server.clients.size, 0);
    }
  });
});

describe("clients", () => {
  test("has every connection that is not closed", async (t) => {
    const { server, url } = await listening(t);
    const clients: WebSocket[] = [];
    for (let index = 0; index < 3; index += 1) {
      const client = new WebSocket(url);
      await opened(client);
      clients.push(client);
    }
    assert.equal(server.clients.size, 3);
    const received = clients.map(nextData);
    for (const socket of server.clients) socket.send("to all");
    assert.deepEqual(await Promise.all(received), ["to all", "to all", "to all"]);
    const done = clients.map(closed);
    for (const client of clients) client.close();
    await Promise.all(done);
    await until(() => server.clients.size === 0, "no connection is left");
  });
});
