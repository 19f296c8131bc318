import assert from "node:assert/strict";
import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { afterEach, beforeEach, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { FaultyProxy } from "./faulty-proxy.js";

/** A server that keeps what it gets, and its sockets. */
let server: Server;
let proxy: FaultyProxy;
let accepted: Socket[];
let received: Buffer;

async function client(): Promise<Socket> {
  const socket = connect({ port: proxy.port, host: "127.0.0.1" });
  socket.on("error", () => {});
  await once(socket, "connect");
  return socket;
}

/** Waits until something is so; the test's own time limit is the guard. */
async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await sleep(2);
}

/** A client with its end on the server. */
async function pair(): Promise<[Socket, Socket]> {
  const near = await client();
  await until(() => accepted.length > 0);
  const [far] = accepted;
  assert.ok(far);
  return [near, far];
}

describe("FaultyProxy", { timeout: 20_000 }, () => {
  beforeEach(async () => {
    accepted = [];
    received = Buffer.alloc(0);
    server = createServer((socket) => {
      accepted.push(socket);
      socket.on("error", () => {});
      socket.on("data", (bytes) => {
        received = Buffer.concat([received, bytes]);
      });
    });
    await once(server.listen(0, "127.0.0.1"), "listening");
    proxy = await FaultyProxy.start({ port: (server.address() as AddressInfo).port });
  });

  afterEach(async () => {
    for (const socket of accepted) socket.destroy();
    await proxy.close();
    await new Promise((resolve) => server.close(resolve));
  });

  it("passes bytes and ends both ways", async () => {
    const [near, far] = await pair();
    assert.equal(proxy.connections, 1);
    near.write("to server");
    far.write("to client");
    assert.equal(String((await once(near, "data"))[0]), "to client");
    await until(() => received.length === 9);
    near.resume().end();
    await once(near, "close");
    await until(() => proxy.connections === 0);
    assert.equal(proxy.accepted, 1);
  });

  it("delays each byte, and keeps the order", async () => {
    const [near] = await pair();
    proxy.delay(60, "to-server");
    const start = performance.now();
    near.write("a");
    await sleep(10);
    near.write("b");
    await until(() => received.length === 2);
    assert.ok(performance.now() - start >= 60);
    assert.equal(String(received), "ab");
  });

  it("throttles", async () => {
    const [near] = await pair();
    proxy.throttle(10_000, "to-server");
    const start = performance.now();
    near.write(Buffer.alloc(2000));
    await until(() => received.length === 2000);
    const elapsed = performance.now() - start;
    assert.ok(elapsed >= 150, `${elapsed} ms for 200 ms' worth of bytes`);
  });

  it("holds one direction without a word, and lets the bytes go later", async () => {
    const [near, far] = await pair();
    proxy.hold("to-server");
    near.write("held");
    far.write("free");
    await once(near, "data");
    await sleep(50);
    assert.equal(received.length, 0);
    assert.equal(near.readyState, "open");
    proxy.release();
    await until(() => String(received) === "held");
  });

  it("holds an end and a reset as well", async () => {
    for (const end of [(near: Socket) => near.end(), (near: Socket) => near.resetAndDestroy()]) {
      accepted = [];
      const [near, far] = await pair();
      let isOver = false;
      far.on("close", () => {
        isOver = true;
      });
      proxy.hold();
      end(near);
      await sleep(50);
      assert.ok(!isOver);
      proxy.release();
      await until(() => isOver);
    }
  });

  it("cuts, with an end on both sides", async () => {
    const [near, far] = await pair();
    near.resume();
    proxy.cut();
    await Promise.all([once(near, "end"), once(far, "end")]);
    await until(() => proxy.connections === 0);
  });

  it("resets both sides", async () => {
    const [near, far] = await pair();
    proxy.reset();
    const errors = await Promise.all([once(near, "error"), once(far, "error")]);
    for (const [error] of errors) assert.equal((error as NodeJS.ErrnoException).code, "ECONNRESET");
  });

  it("cuts inside what comes next, which lacks its last byte", async () => {
    const [near, far] = await pair();
    proxy.cutInsideFrame("to-client");
    let got = "";
    near.on("data", (bytes) => {
      got += bytes;
    });
    far.write("frame");
    await once(near, "end");
    assert.equal(got, "fram");
    await until(() => proxy.connections === 0);
  });

  it("drops handshakes: accepts, and never answers", async () => {
    proxy.dropHandshakes();
    const near = await client();
    near.write("GET / HTTP/1.1\r\n\r\n");
    await sleep(50);
    assert.equal(accepted.length, 0);
    assert.equal(near.bytesRead, 0);
    near.destroy();
    await until(() => proxy.connections === 0);
    proxy.forward();
    await pair();
  });

  it("answers in the server's place", async () => {
    proxy.answer(503, { "Retry-After": "7" });
    const near = await client();
    near.write("GET / HTTP/1.1\r\n\r\n");
    let answer = "";
    near.on("data", (bytes) => {
      answer += bytes;
    });
    await once(near, "end");
    assert.match(answer, /^HTTP\/1\.1 503 /);
    assert.match(answer, /\r\nRetry-After: 7\r\n/);
    assert.equal(accepted.length, 0);
  });

  it("lets somebody follow each connection, and change what the client sends", async () => {
    const happened: string[] = [];
    const { port } = server.address() as AddressInfo;
    const watched = await FaultyProxy.start({
      connect: () => connect({ port, host: "127.0.0.1", allowHalfOpen: true }),
      observe: () => ({
        toServer: (bytes) => {
          happened.push(`> ${bytes}`);
          return Buffer.from(String(bytes).toUpperCase());
        },
        toClient: (bytes) => happened.push(`< ${Buffer.from(bytes)}`),
        ended: (error) => happened.push(`ended ${error?.message ?? ""}`),
      }),
    });
    const near = connect({ port: watched.port, host: "127.0.0.1" });
    near.on("error", () => {});
    watched.hold("to-server");
    near.write("to server");
    await until(() => accepted.length > 0);
    accepted[0]?.write("to client");
    await once(near, "data");
    assert.deepEqual(happened, ["< to client"], "what is held has not passed");
    watched.release();
    await until(() => String(received) === "TO SERVER");
    near.resetAndDestroy();
    await until(() => happened.length === 3);
    assert.deepEqual(happened, ["< to client", "> to server", "ended read ECONNRESET"]);
    await watched.close();
  });

  it("lets who follows a connection answer in the server's place", async () => {
    let ended = 0;
    const told: string[] = [];
    const refusing = await FaultyProxy.start({
      port: (server.address() as AddressInfo).port,
      observe: () => ({
        toServer: () => ({ answer: Buffer.from("HTTP/1.1 403 No\r\n\r\n") }),
        toClient: (bytes) => told.push(String(bytes)),
        ended: () => ended++,
      }),
    });
    const near = connect({ port: refusing.port, host: "127.0.0.1" });
    let answer = "";
    near.on("data", (bytes) => {
      answer += bytes;
    });
    near.write("GET / HTTP/1.1\r\n\r\n");
    await once(near, "end");
    assert.equal(answer, "HTTP/1.1 403 No\r\n\r\n");
    assert.deepEqual(told, [answer]);
    assert.equal(received.length, 0);
    await until(() => ended === 1);
    assert.equal(refusing.connections, 0);
    await refusing.close();
  });

  it("tells who follows a connection of faults in the server's place, and of a server that isn't there", async () => {
    const happened: string[] = [];
    const observed = await FaultyProxy.start({
      port: 9,
      observe: () => ({
        toServer: (bytes) => {
          happened.push(`> ${bytes}`);
          return bytes;
        },
        toClient: (bytes) => happened.push(`< ${String(bytes).slice(0, 12)}`),
        ended: (error) =>
          happened.push(`ended ${error === undefined ? "" : (error as NodeJS.ErrnoException).code}`),
      }),
    });
    const say = async () => {
      const near = connect({ port: observed.port, host: "127.0.0.1" });
      near.on("error", () => {}).resume();
      near.write("?");
      await new Promise((resolve) => near.on("close", resolve));
    };
    observed.answer(503);
    await say();
    await until(() => happened.length === 3);
    assert.deepEqual(happened.splice(0), ["> ?", "< HTTP/1.1 503", "ended "]);
    observed.forward();
    await say();
    await until(() => happened.some((line) => line.startsWith("ended")));
    assert.equal(happened.at(-1), "ended ECONNREFUSED");
    await observed.close();
  });

  it("can reset what it is about to cut, and be closed", async () => {
    const [near] = await pair();
    proxy.cut();
    proxy.reset();
    await new Promise((resolve) => near.on("close", resolve).resume());
    await until(() => proxy.connections === 0);
    await client();
    await until(() => accepted.length > 1);
    proxy.cut();
    await proxy.close();
    proxy = await FaultyProxy.start({ port: (server.address() as AddressInfo).port });
  });

  it("doesn't wait for a server that is never reached", async () => {
    for (const act of ["cut", "reset", "close"] as const) {
      const unreachable = await FaultyProxy.start({
        connect: () => connect({ port: 9, host: "nowhere.invalid", lookup: () => {} }),
      });
      const near = connect({ port: unreachable.port, host: "127.0.0.1" }).resume();
      near.on("error", () => {});
      await once(near, "connect");
      await until(() => unreachable.connections === 1);
      const closed = new Promise((resolve) => near.on("close", resolve));
      await unreachable[act]();
      await closed;
      await until(() => unreachable.connections === 0);
      await unreachable.close();
    }
  });

  it("needs a port or a way to the server", async () => {
    await assert.rejects(FaultyProxy.start({}), TypeError);
  });

  it("ends a client's connection when the server can't be reached", async () => {
    await new Promise((resolve) => server.close(resolve));
    const near = await client();
    await new Promise((resolve) => near.on("close", resolve));
    await until(() => proxy.connections === 0);
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
  });
});
