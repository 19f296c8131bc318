import assert from "node:assert/strict";
import { describe, type TestContext, test } from "node:test";
import { opened, ping, terminate, WebSocket } from "../index.js";
import { encodeFrame } from "../testing-support/frames.test.support.js";
import { turns, within } from "../testing-support/guard.test.support.js";
import { rawServer } from "../testing-support/raw-server.test.support.js";
import { listening, nextClient } from "../testing-support/servers.test.support.js";

const pong = (payload: string | Uint8Array) => encodeFrame(0xa, payload);

async function connected(t: TestContext) {
  const server = await rawServer(t);
  const socket = new WebSocket(server.url);
  t.after(() => terminate(socket));
  const peer = await server.accept();
  await within(opened(socket), "open");
  return { socket, peer };
}

describe("ping", () => {
  test("resolves with the milliseconds until the pong", async (t) => {
    const { socket, peer } = await connected(t);
    const started = performance.now();
    const promise = ping(socket);
    const frame = await peer.nextFrame();
    assert.equal(frame.opcode, 0x9);
    peer.send(pong(frame.payload));
    const milliseconds = await within(promise, "the pong");
    assert.ok(milliseconds > 0 && milliseconds <= performance.now() - started);
  });

  test("a server's object pings, too", async (t) => {
    const { server, url } = await listening(t);
    const client = new WebSocket(url);
    const { socket } = await nextClient(server);
    await within(opened(client), "open");
    assert.ok((await within(ping(socket), "the client's pong")) > 0);
    assert.ok((await within(ping(client), "the server's pong")) > 0);
    client.close();
  });

  test("data: strings, buffers and views arrive as they were at the call", async (t) => {
    const { socket, peer } = await connected(t);
    const bytes = new Uint8Array([1, 2, 3, 4]);
    const cases = [
      ["grüße", Buffer.from("grüße")],
      [bytes.slice().buffer, Buffer.from([1, 2, 3, 4])],
      [bytes.subarray(1, 3), Buffer.from([2, 3])],
      ["", Buffer.alloc(0)],
      ["x".repeat(125), Buffer.from("x".repeat(125))],
    ] as const;
    for (const [data, payload] of cases) {
      const promise = ping(socket, data);
      if (data instanceof Uint8Array) bytes.fill(0);
      const frame = await peer.nextFrame();
      assert.deepEqual(frame.payload, payload);
      peer.send(pong(frame.payload));
      await within(promise, "the pong");
    }
  });

  test("many under way: each pong answers its own", async (t) => {
    const { socket, peer } = await connected(t);
    const order: string[] = [];
    const pings = ["a", "b", "c"].map((name) => ping(socket, name).then(() => order.push(name)));
    for (const name of ["a", "b", "c"]) assert.equal((await peer.nextFrame()).payload.toString(), name);
    peer.send(pong("a"));
    await within(pings[0] ?? Promise.reject(), "the first pong");
    assert.deepEqual(order, ["a"]);
    peer.send(pong("b"), pong("c"));
    await within(Promise.all(pings), "the others");
    assert.deepEqual(order, ["a", "b", "c"]);
  });

  test("equal payloads are answered in their order", async (t) => {
    const { socket, peer } = await connected(t);
    let answered = 0;
    const first = ping(socket, "same").then(() => answered++);
    const second = ping(socket, "same").then(() => answered++);
    await peer.nextFrame();
    peer.send(pong("same"));
    await within(first, "the first pong");
    assert.equal(answered, 1);
    peer.send(pong("same"));
    await within(second, "the second pong");
  });

  test("a pong for the latest ping answers the earlier ones with it", async (t) => {
    const { socket, peer } = await connected(t);
    const pings = ["a", "b", "c"].map((name) => ping(socket, name));
    for (const _ of pings) await peer.nextFrame();
    peer.send(pong("c"));
    await within(Promise.all(pings), "all three");
  });

  test("a pong that nobody asked for answers nothing", async (t) => {
    const { socket, peer } = await connected(t);
    let answered = false;
    const promise = ping(socket, "mine").then(() => {
      answered = true;
    });
    const other = ping(socket, "marker");
    peer.send(pong("another's"));
    await turns(20);
    assert.equal(answered, false);
    peer.send(pong("marker"));
    await within(Promise.all([promise, other]), "both");
  });

  test("rejects when the connection ends first", async (t) => {
    const { socket, peer } = await connected(t);
    const pings = [ping(socket), ping(socket)];
    const rejected = pings.map((promise) =>
      assert.rejects(within(promise, "the end"), { name: "ClosedError", closeCode: 1006 }),
    );
    peer.socket.destroy();
    await Promise.all(rejected);
  });

  test("refuses data of more than 125 bytes, and of other types", async (t) => {
    const { socket } = await connected(t);
    await assert.rejects(ping(socket, "x".repeat(126)), { name: "RangeError", message: /126 bytes.*125/ });
    await assert.rejects(ping(socket, new ArrayBuffer(126)), RangeError);
    for (const wrong of [5, null, {}, new Blob(["x"])]) {
      await assert.rejects(Reflect.apply(ping, undefined, [socket, wrong]), TypeError);
    }
  });

  test("refuses an object that isn't OPEN", async (t) => {
    const { url } = await listening(t);
    const socket = new WebSocket(url);
    await assert.rejects(ping(socket), { name: "InvalidStateError" });
    await within(opened(socket), "open");
    socket.close();
    await assert.rejects(ping(socket), { name: "InvalidStateError" });
  });

  test("refuses another implementation's object", async () => {
    for (const wrong of [new EventTarget(), undefined, null, "ws:"]) {
      await assert.rejects(Reflect.apply(ping, undefined, [wrong]), TypeError);
    }
  });
});
