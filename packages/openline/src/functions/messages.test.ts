import assert from "node:assert/strict";
import { describe, type TestContext, test } from "node:test";
import { closed, messages, opened, pause, resume, terminate, WebSocket } from "../index.js";
import { ForeignSocket } from "../testing-support/foreign-socket.test.support.js";
import { binary, close, encodeFrame, text } from "../testing-support/frames.test.support.js";
import { turns, until, within } from "../testing-support/guard.test.support.js";
import type { RawPeer } from "../testing-support/raw-peer.test.support.js";
import { rawServer } from "../testing-support/raw-server.test.support.js";

async function connected(t: TestContext): Promise<{ socket: WebSocket; peer: RawPeer }> {
  const server = await rawServer(t);
  const socket = new WebSocket(server.url);
  t.after(() => terminate(socket));
  const peer = await server.accept();
  await within(opened(socket), "open");
  return { socket, peer };
}

async function take(iterator: AsyncIterator<unknown>, count: number): Promise<unknown[]> {
  const taken: unknown[] = [];
  while (taken.length < count) {
    const result = await within(iterator.next(), `message ${taken.length}`);
    if (result.done === true) break;
    taken.push(result.value);
  }
  return taken;
}

const numbered = (count: number) => Array.from({ length: count }, (_, i) => text(String(i)));

describe("messages", () => {
  test("called while CONNECTING: gets what comes with the answer to the handshake", async (t) => {
    const server = await rawServer(t);
    const socket = new WebSocket(server.url);
    const loop = messages(socket);
    const peer = await server.accept({}, [text("first"), text("second")]);
    assert.deepEqual(await take(loop, 2), ["first", "second"]);
    peer.send(close(1000));
    peer.socket.end();
    assert.deepEqual(await within(loop.next(), "the end"), { done: true, value: undefined });
  });

  test("loses nothing between two steps, and ends at a clean close", async (t) => {
    const { socket, peer } = await connected(t);
    const count = 2000;
    const loop = messages(socket);
    peer.send(...numbered(count), close(1000));
    peer.socket.end();
    const got: unknown[] = [];
    for await (const data of loop) {
      got.push(data);
      if (got.length % 100 === 0) await turns(2);
    }
    assert.deepEqual(
      got,
      Array.from({ length: count }, (_, i) => String(i)),
    );
  });

  test("binary messages come as binaryType says", async (t) => {
    const { socket, peer } = await connected(t);
    const loop = messages(socket);
    peer.send(binary(Buffer.from([1, 2])));
    const [blob] = await take(loop, 1);
    assert.ok(blob instanceof Blob && blob.size === 2);
    socket.binaryType = "arraybuffer";
    peer.send(binary(Buffer.from([3])));
    assert.deepEqual(await take(loop, 1), [new Uint8Array([3]).buffer]);
  });

  test("throws at an end that was not clean, after the last message", async (t) => {
    const { socket, peer } = await connected(t);
    const loop = messages(socket);
    peer.send(text("last"));
    peer.socket.end();
    const got: unknown[] = [];
    await assert.rejects(
      async () => {
        for await (const data of loop) got.push(data);
      },
      { name: "ClosedError", closeCode: 1006, wasClean: false },
    );
    assert.deepEqual(got, ["last"]);
    assert.deepEqual(await loop.next(), { done: true, value: undefined });
  });

  test("throws the error that the object gives", async (t) => {
    const { socket, peer } = await connected(t);
    const loop = messages(socket);
    peer.send(encodeFrame(0x3, "an opcode that is not in use"));
    await assert.rejects(within(loop.next(), "the error"), { code: "ERR_WS_UNKNOWN_OPCODE" });
  });

  test("throws where the connection never opens", async (t) => {
    const server = await rawServer(t);
    const loop = messages(new WebSocket(server.url));
    const { peer } = await server.nextRequest();
    peer.socket.destroy();
    await assert.rejects(within(loop.next(), "the error"), { code: "ERR_WS_HANDSHAKE_CLOSED" });
  });

  test("of an object that is closed: ends at once", async (t) => {
    const { socket, peer } = await connected(t);
    peer.send(close(1000));
    peer.socket.end();
    await within(closed(socket), "close");
    assert.deepEqual(await take(messages(socket), 1), []);
  });

  test("calls of next() may overlap", async (t) => {
    const { socket, peer } = await connected(t);
    const loop = messages(socket);
    const steps = [loop.next(), loop.next(), loop.next()];
    peer.send(text("a"), text("b"), close(1000));
    peer.socket.end();
    assert.deepEqual(await within(Promise.all(steps), "three steps"), [
      { done: false, value: "a" },
      { done: false, value: "b" },
      { done: true, value: undefined },
    ]);
  });

  test("break stops listening and leaves the connection open", async (t) => {
    const { socket, peer } = await connected(t);
    const loop = messages(socket);
    peer.send(text("a"), text("b"));
    for await (const data of loop) {
      assert.equal(data, "a");
      break;
    }
    assert.deepEqual(await loop.next(), { done: true, value: undefined });
    assert.equal(socket.readyState, WebSocket.OPEN);
    const next = messages(socket);
    peer.send(text("c"));
    const taken = await take(next, 1);
    // "b" may have been on its way to the first loop, or still have been to come.
    assert.deepEqual(taken[0] === "b" ? await take(next, 1) : taken, ["c"]);
  });

  test("two loops both get every message", async (t) => {
    const { socket, peer } = await connected(t);
    const loops = [messages(socket), messages(socket)];
    peer.send(text("a"), text("b"));
    for (const loop of loops) assert.deepEqual(await take(loop, 2), ["a", "b"]);
  });

  test("refuses what is no WebSocket", () => {
    for (const wrong of [undefined, {}, "ws://localhost"]) {
      assert.throws(() => Reflect.apply(messages, undefined, [wrong]), TypeError);
    }
  });
});

/** Sends messages of `size` bytes until the other side stops reading; gives how many the network took. */
async function flood(peer: RawPeer, size: number, enough: number): Promise<number> {
  const frame = text("x".repeat(size));
  let sent = 0;
  while (sent < enough) {
    sent++;
    if (!peer.socket.write(frame)) {
      let isFree = false;
      peer.socket.once("drain", () => {
        isFree = true;
      });
      // The other side reads in this process, so some turns without a drain mean that it doesn't.
      for (let i = 0; i < 200 && !isFree; i++) await turns(1);
      if (!isFree) break;
    }
  }
  return sent;
}

describe("messages: back-pressure", () => {
  const size = 64 * 1024;
  const tooMany = 4000;

  test("stops reading at the high-water mark, and reads on below", async (t) => {
    const { socket, peer } = await connected(t);
    const loop = messages(socket);
    const sent = await flood(peer, size, tooMany);
    assert.ok(sent < tooMany, "the peer was slowed down");
    const [first] = await take(loop, 1);
    assert.equal(first, "x".repeat(size));
    assert.equal((await take(loop, sent - 1)).length, sent - 1);
    peer.send(text("after"));
    assert.deepEqual(await take(loop, 1), ["after"]);
  });

  test("highWaterMark: a smaller one keeps fewer messages", async (t) => {
    const received: number[] = [];
    for (const highWaterMark of [1, 64 * 1024 * 1024]) {
      const { socket, peer } = await connected(t);
      let count = 0;
      socket.addEventListener("message", () => count++);
      const loop = messages(socket, { highWaterMark });
      const sent = await flood(peer, size, 400);
      if (highWaterMark > 1) await until(() => count === sent, "all is there");
      received.push(count);
      await loop.return?.();
    }
    const [few = 0, all = 0] = received;
    assert.equal(all, 400);
    assert.ok(few > 0 && few < 100, `${few} messages came`);
  });

  test("highWaterMark: refuses what is no number of bytes", () => {
    for (const highWaterMark of [0, -1, Number.NaN, "1", null]) {
      assert.throws(() => Reflect.apply(messages, undefined, [new ForeignSocket(), { highWaterMark }]), {
        name: "TypeError",
        message: /highWaterMark/,
      });
    }
  });

  test("break lets the connection read on", async (t) => {
    const { socket, peer } = await connected(t);
    const loop = messages(socket, { highWaterMark: 1 });
    const sent = await flood(peer, size, tooMany);
    let seen = 0;
    socket.addEventListener("message", () => seen++);
    await loop.return?.();
    peer.send(text("after"));
    await until(() => seen > 0, "messages come again");
    assert.ok(sent < tooMany);
  });

  test("a loop that reads on doesn't end the program's pause, nor the other way round", async (t) => {
    const { socket, peer } = await connected(t);
    let seen = 0;
    socket.addEventListener("message", () => seen++);
    const loop = messages(socket, { highWaterMark: 1 });
    peer.send(text("a"));
    await until(() => seen === 1, "the loop holds reading");
    pause(socket);
    assert.deepEqual(await take(loop, 1), ["a"]);
    peer.send(text("b"));
    await turns(50);
    assert.equal(seen, 1, "the program holds reading");
    resume(socket);
    await until(() => seen === 2, "b has come, and the loop holds reading");
    pause(socket);
    resume(socket);
    peer.send(text("c"));
    await turns(50);
    assert.equal(seen, 2, "the loop holds reading");
    assert.deepEqual(await take(loop, 2), ["b", "c"]);
  });

  test("close() reads on, so that the closing handshake comes through", async (t) => {
    const { socket, peer } = await connected(t);
    const loop = messages(socket, { highWaterMark: 1 });
    await flood(peer, size, tooMany);
    const answered = peer.nextCloseCode().then(() => {
      peer.socket.write(close(1000));
      peer.socket.end();
    });
    socket.close(1000);
    await within(answered, "the close frame");
    assert.equal((await within(closed(socket), "close")).wasClean, true);
    const rest = await take(loop, tooMany);
    assert.ok(rest.length > 0 && rest.every((data) => typeof data === "string"));
  });
});

describe("messages over another implementation's object", () => {
  test("from CONNECTING to a clean close", async () => {
    const socket = new ForeignSocket();
    const loop = messages(socket, { highWaterMark: 1 });
    socket.open();
    for (const data of ["a", "b", "c"]) socket.message(data);
    socket.close(1000, true);
    const got: unknown[] = [];
    for await (const data of loop) got.push(data);
    assert.deepEqual(got, ["a", "b", "c"]);
    assert.equal(socket.listenerCount, 0);
  });

  test("an end that was not clean", async () => {
    const socket = new ForeignSocket();
    const loop = messages(socket);
    socket.open();
    socket.message("a");
    socket.close(1006, false);
    assert.deepEqual(await take(loop, 1), ["a"]);
    await assert.rejects(loop.next(), { name: "ClosedError", closeCode: 1006 });
    assert.equal(socket.listenerCount, 0);
  });

  test("return() ends also a step that waits, and an empty message is one", async () => {
    const socket = new ForeignSocket();
    const loop = messages(socket);
    socket.open();
    socket.message("");
    assert.deepEqual(await loop.next(), { done: false, value: "" });
    const waits = loop.next();
    await loop.return?.();
    assert.deepEqual(await waits, { done: true, value: undefined });
    socket.message("too late");
    assert.deepEqual(await loop.next(), { done: true, value: undefined });
  });

  test("break removes the listeners", async () => {
    const socket = new ForeignSocket();
    const loop = messages(socket);
    socket.open();
    socket.message("a");
    for await (const _ of loop) break;
    assert.equal(socket.listenerCount, 0);
  });
});
