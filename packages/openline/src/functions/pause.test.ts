import assert from "node:assert/strict";
import { describe, type TestContext, test } from "node:test";
import { closed, opened, pause, resume, terminate, WebSocket } from "../index.js";
import { close, text } from "../testing-support/frames.test.support.js";
import { turns, until, within } from "../testing-support/guard.test.support.js";
import { rawServer } from "../testing-support/raw-server.test.support.js";

async function connected(t: TestContext) {
  const server = await rawServer(t);
  const socket = new WebSocket(server.url);
  t.after(() => terminate(socket));
  const got: unknown[] = [];
  socket.addEventListener("message", ({ data }) => got.push(data));
  const peer = await server.accept();
  await within(opened(socket), "open");
  return { socket, peer, got };
}

describe("pause and resume", () => {
  test("nothing is read in between", async (t) => {
    const { socket, peer, got } = await connected(t);
    pause(socket);
    peer.send(text("a"));
    await turns(50);
    assert.deepEqual(got, []);
    resume(socket);
    await until(() => got.length === 1, "the message");
    assert.deepEqual(got, ["a"]);
  });

  test("pausing twice takes one resume; resume alone does nothing", async (t) => {
    const { socket, peer, got } = await connected(t);
    resume(socket);
    pause(socket);
    pause(socket);
    resume(socket);
    peer.send(text("a"));
    await until(() => got.length === 1, "the message");
  });

  test("while CONNECTING: open comes, messages wait", async (t) => {
    const server = await rawServer(t);
    const socket = new WebSocket(server.url);
    t.after(() => terminate(socket));
    const got: unknown[] = [];
    socket.addEventListener("message", ({ data }) => got.push(data));
    pause(socket);
    await server.accept({}, [text("with the answer")]);
    await within(opened(socket), "open");
    await turns(50);
    assert.deepEqual(got, []);
    resume(socket);
    await until(() => got.length === 1, "the message");
  });

  test("the session's own hold and the program's don't end each other", async (t) => {
    const { socket, peer, got } = await connected(t);
    // More than are read in one turn, so that the session itself stops in the middle of a packet.
    const count = 20_000;
    peer.send(...Array.from({ length: count }, (_, i) => text(String(i))));
    await until(() => got.length > 0, "the first message");
    pause(socket);
    await turns(1000);
    const before = got.length;
    assert.ok(before < count, "the session read on although the program had paused");
    await turns(100);
    assert.equal(got.length, before);
    resume(socket);
    await until(() => got.length === count, "the rest");
    assert.deepEqual(
      got,
      Array.from({ length: count }, (_, i) => String(i)),
    );
  });

  test("resume within a message, while the session holds reading, keeps the order", async (t) => {
    const { socket, peer, got } = await connected(t);
    const count = 3000;
    socket.addEventListener("message", () => {
      pause(socket);
      resume(socket);
    });
    peer.send(...Array.from({ length: count }, (_, i) => text(String(i))), close(1000));
    peer.socket.end();
    await within(closed(socket), "close");
    assert.deepEqual(
      got,
      Array.from({ length: count }, (_, i) => String(i)),
    );
  });

  test("close() while paused: the closing handshake comes through", async (t) => {
    const { socket, peer } = await connected(t);
    pause(socket);
    socket.close(3000);
    assert.equal(await peer.nextCloseCode(), 3000);
    peer.send(close(3000));
    peer.socket.end();
    assert.equal((await within(closed(socket), "close")).wasClean, true);
  });

  test("terminate() while paused: close comes", async (t) => {
    const { socket } = await connected(t);
    pause(socket);
    terminate(socket);
    assert.equal((await within(closed(socket), "close")).code, 1006);
  });

  test("what the peer sent before it closed is there after resume", async (t) => {
    const { socket, peer, got } = await connected(t);
    pause(socket);
    peer.send(text("a"), close(1000));
    peer.socket.end();
    await turns(50);
    assert.equal(socket.readyState, WebSocket.OPEN);
    resume(socket);
    assert.equal((await within(closed(socket), "close")).wasClean, true);
    assert.deepEqual(got, ["a"]);
  });

  test("nothing happens after the end", async (t) => {
    const { socket } = await connected(t);
    terminate(socket);
    await within(closed(socket), "close");
    pause(socket);
    resume(socket);
    assert.equal(socket.readyState, WebSocket.CLOSED);
  });

  test("refuse another implementation's object", () => {
    for (const each of [pause, resume, terminate]) {
      for (const wrong of [new EventTarget(), undefined, null]) {
        assert.throws(() => Reflect.apply(each, undefined, [wrong]), TypeError);
      }
    }
  });
});
