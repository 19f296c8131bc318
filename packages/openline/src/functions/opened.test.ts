import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { ClosedError, opened, WebSocket } from "../index.js";
import { ForeignSocket } from "../testing-support/foreign-socket.test.support.js";
import { within } from "../testing-support/guard.test.support.js";
import { rawServer } from "../testing-support/raw-server.test.support.js";
import { listening } from "../testing-support/servers.test.support.js";
import { closed as closedBefore } from "../testing-support/sockets.test.support.js";

describe("opened", () => {
  test("resolves with the open event", async (t) => {
    const { url } = await listening(t);
    const socket = new WebSocket(url);
    const event = await within(opened(socket), "open");
    assert.equal(event.type, "open");
    assert.equal(event.target, socket);
    assert.equal(socket.readyState, WebSocket.OPEN);
    socket.close();
  });

  test("resolves for an object that is open already", async (t) => {
    const { url } = await listening(t);
    const socket = new WebSocket(url);
    await within(opened(socket), "open");
    assert.equal((await within(opened(socket), "open again")).type, "open");
    socket.close();
  });

  test("rejects with the error that kept it from opening", async (t) => {
    const server = await rawServer(t);
    const socket = new WebSocket(server.url);
    const refused = assert.rejects(within(opened(socket), "the refusal"), {
      code: "ERR_WS_HANDSHAKE_STATUS",
    });
    const { peer } = await server.nextRequest();
    peer.send(Buffer.from("HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n"));
    await refused;
  });

  test("rejects when close() is called first", async (t) => {
    const { url } = await listening(t);
    const socket = new WebSocket(url);
    const promise = opened(socket);
    socket.close();
    await assert.rejects(within(promise, "the end"), { code: "ERR_WS_HANDSHAKE_ABORTED" });
  });

  test("rejects for an object that is closed, with how it ended", async (t) => {
    const { url, server } = await listening(t);
    server.on("connection", (client) => client.close(3001, "enough"));
    const socket = new WebSocket(url);
    await closedBefore(socket);
    await assert.rejects(within(opened(socket), "the end"), (error) => {
      assert.ok(error instanceof ClosedError);
      assert.equal(error.code, "ERR_WS_CLOSED");
      assert.equal(error.closeCode, 3001);
      assert.equal(error.reason, "enough");
      assert.equal(error.wasClean, true);
      return true;
    });
  });

  test("another implementation's object", async () => {
    const opening = new ForeignSocket();
    const promise = opened(opening);
    opening.open();
    assert.equal((await promise).target, opening);
    assert.equal(opening.listenerCount, 0);

    const failing = new ForeignSocket();
    const refused = opened(failing);
    failing.close(1006, false);
    await assert.rejects(refused, { name: "ClosedError", closeCode: 1006, wasClean: false });
    assert.equal(failing.listenerCount, 0);

    failing.readyState = 3;
    await assert.rejects(within(opened(failing), "the end"), { name: "ClosedError" });
    assert.equal(failing.listenerCount, 0);
  });

  test("refuses what is no WebSocket", async () => {
    for (const wrong of [undefined, null, 7, {}, new EventTarget()]) {
      await assert.rejects(Reflect.apply(opened, undefined, [wrong]), TypeError);
    }
  });
});
