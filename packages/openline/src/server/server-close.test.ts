import assert from "node:assert/strict";
import { connect } from "node:net";
import { describe, test } from "node:test";
import { WebSocket } from "../index.js";
import { close, closeCode } from "../testing-support/frames.test.support.js";
import { within } from "../testing-support/guard.test.support.js";
import { maskKey, rawClient } from "../testing-support/raw-client.test.support.js";
import { listening } from "../testing-support/servers.test.support.js";
import { assertHandshakeFails, closed, opened } from "../testing-support/sockets.test.support.js";

describe("close()", () => {
  test("ends every connection with 1001 and resolves when all are gone", async (t) => {
    const { server, url } = await listening(t);
    const clients: WebSocket[] = [];
    for (let index = 0; index < 3; index += 1) {
      const client = new WebSocket(url);
      await opened(client);
      clients.push(client);
    }
    const log: string[] = [];
    for (const socket of server.clients) socket.addEventListener("close", () => log.push("connection"));
    server.on("close", () => log.push("server"));
    const ends = clients.map(closed);
    const closing = server.close();
    assert.ok(closing instanceof Promise);
    await within(closing, "close()");
    log.push("resolved");
    assert.equal(server.clients.size, 0);
    assert.equal(server.address(), null);
    assert.deepEqual(log, ["connection", "connection", "connection", "server", "resolved"]);
    for (const event of await Promise.all(ends)) {
      assert.deepEqual([event.code, event.reason, event.wasClean], [1001, "", true]);
    }
    await assertHandshakeFails(new WebSocket(url), "ECONNREFUSED");
  });

  test("waits for a client that answers late", async (t) => {
    const { server, port } = await listening(t, { closeTimeout: 10_000 });
    const { peer } = await rawClient(t, port);
    let resolved = false;
    const closing = server.close().then(() => {
      resolved = true;
    });
    assert.equal(closeCode(await peer.nextFrame()), 1001);
    assert.equal(resolved, false);
    peer.send(close(1001, "", { maskKey }));
    peer.socket.end();
    await within(closing, "close()");
  });

  test("cuts a client that never answers after closeTimeout", async (t) => {
    const { server, port } = await listening(t, { closeTimeout: 50 });
    const { peer } = await rawClient(t, port);
    const [socket] = server.clients;
    assert.ok(socket !== undefined);
    const done = closed(socket);
    await within(server.close(), "close()");
    assert.equal((await done).code, 1006);
    await peer.ended;
  });

  test("does not wait for a client that never finished its request", async (t) => {
    const { server, port } = await listening(t);
    const silent = connect(port, "127.0.0.1");
    const halfway = connect(port, "127.0.0.1");
    halfway.write("GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n");
    for (const socket of [silent, halfway]) {
      socket.on("error", () => {});
      await new Promise<void>((resolve) => {
        if (socket.connecting) socket.once("connect", resolve);
        else resolve();
      });
    }
    // A whole handshake after them: the server has seen the two by then.
    await opened(new WebSocket(`ws://127.0.0.1:${port}/`));
    try {
      await within(server.close(), "close()", 5_000);
    } finally {
      silent.destroy();
      halfway.destroy();
    }
  });

  test("twice is the same; a server without connections resolves at once", async (t) => {
    const { server } = await listening(t);
    let events = 0;
    server.on("close", () => {
      events += 1;
    });
    await Promise.all([server.close(), server.close()]);
    await server.close();
    assert.equal(events, 1);
  });
});
