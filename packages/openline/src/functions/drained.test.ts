import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { drained, opened, terminate, WebSocket } from "../index.js";
import { runAgainst } from "../testing-support/child.test.support.js";
import { ForeignSocket } from "../testing-support/foreign-socket.test.support.js";
import { turns, within } from "../testing-support/guard.test.support.js";
import { rawServer } from "../testing-support/raw-server.test.support.js";

/** More than the kernel takes of a connection whose other side doesn't read. */
const chunk = new Uint8Array(1024 * 1024);
const chunks = 32;

async function stuck(t: Parameters<typeof rawServer>[0]) {
  const server = await rawServer(t);
  const socket = new WebSocket(server.url, { perMessageDeflate: false });
  const peer = await server.accept();
  await within(opened(socket), "open");
  peer.socket.pause();
  for (let i = 0; i < chunks; i++) socket.send(chunk);
  return { socket, peer };
}

describe("drained", () => {
  test("resolves at once where nothing waits", async (t) => {
    const server = await rawServer(t);
    const socket = new WebSocket(server.url);
    await within(drained(socket), "an object that is CONNECTING");
    await server.accept();
    await within(opened(socket), "open");
    await within(drained(socket), "an object that is OPEN");
    terminate(socket);
  });

  test("waits for a peer that doesn't read", async (t) => {
    const { socket, peer } = await stuck(t);
    let isDrained = false;
    const promise = drained(socket).then(() => {
      isDrained = true;
    });
    await turns(20);
    assert.equal(isDrained, false);
    assert.ok(socket.bufferedAmount > 0);
    peer.socket.resume();
    await within(promise, "the end of the queue");
    assert.equal(socket.bufferedAmount, 0);
    terminate(socket);
  });

  test("resolves where nothing else happens in the process", async (t) => {
    const source = `
      const { drained } = await import(${JSON.stringify(new URL("../index.js", import.meta.url).href)});
      const socket = new WebSocket(url);
      socket.onopen = async () => {
        for (let i = 0; i < 100; i++) {
          socket.send("x".repeat(100));
          if (i > 50) await new Promise((resolve) => process.nextTick(process.nextTick, resolve));
          await drained(socket);
        }
        process.exit(socket.bufferedAmount);
      };
    `;
    const { code, stderr } = await runAgainst(t, source, () => {});
    assert.equal(code, 0, stderr);
  });

  test("below: resolves once no more than so many bytes wait", async (t) => {
    const { socket, peer } = await stuck(t);
    const below = 5 * chunk.length;
    assert.ok(socket.bufferedAmount > below);
    const promise = drained(socket, below).then(() => socket.bufferedAmount);
    peer.socket.resume();
    const left = await within(promise, "room");
    assert.ok(left <= below, `${left} bytes are left`);
    terminate(socket);
  });

  test("does not look at an object of ours again and again", async (t) => {
    const { socket, peer } = await stuck(t);
    t.mock.timers.enable({ apis: ["setInterval"] });
    const promise = drained(socket);
    peer.socket.resume();
    // No interval can run: only the transport's word resolves it.
    await within(promise, "the end of the queue");
    terminate(socket);
  });

  test("below: refuses what is no number of bytes", async () => {
    for (const wrong of [-1, Number.NaN, "10", null]) {
      const promise: Promise<void> = Reflect.apply(drained, undefined, [new ForeignSocket(), wrong]);
      await assert.rejects(promise, { name: "TypeError", message: /below/ });
    }
    await assert.rejects(Reflect.apply(drained, undefined, [{}]), TypeError);
  });

  test("rejects when the connection ends first", async (t) => {
    const { socket } = await stuck(t);
    const promise = drained(socket);
    terminate(socket);
    await assert.rejects(within(promise, "the end"), { name: "ClosedError", closeCode: 1006 });
  });

  test("another implementation's object", async () => {
    const socket = new ForeignSocket();
    socket.open();
    socket.bufferedAmount = 100;
    const promise = drained(socket, 50);
    socket.bufferedAmount = 50;
    await within(promise, "the poll");
    assert.equal(socket.listenerCount, 0);

    socket.bufferedAmount = 1;
    const rejected = drained(socket);
    socket.close(1006, false);
    await assert.rejects(rejected, { name: "ClosedError" });
    assert.equal(socket.listenerCount, 0);
  });
});
