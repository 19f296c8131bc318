import assert from "node:assert/strict";
import { describe, type TestContext, test } from "node:test";
import type { WebSocket } from "../index.js";
import { endCleanly, runAgainst } from "../testing-support/child.test.support.js";
import { close, encodeFrame, text } from "../testing-support/frames.test.support.js";
import { rawServer } from "../testing-support/raw-server.test.support.js";
import {
  assertAbnormal,
  closed,
  construct,
  nextData,
  opened,
  openLine,
} from "../testing-support/sockets.test.support.js";

describe("a listener that throws", () => {
  const throwing = (type: string) => `
    process.on("uncaughtException", (error) => console.log("uncaught", error.message));
    const socket = new WebSocket(url);
    socket.on${type} = () => { throw new Error("in ${type}") };
    socket.addEventListener("${type}", () => console.log("other listener", socket.readyState));
    socket.addEventListener("message", ({ data }) => console.log("message", data));
    socket.addEventListener("close", ({ code, wasClean }) => console.log("close", code, wasClean));
  `;
  test("for open, message or close is reported; the rest goes on", async (t) => {
    for (const [type, times] of [
      ["open", 1],
      ["message", 2],
      ["close", 1],
    ] as const) {
      const { code, stdout, stderr } = await runAgainst(t, throwing(type), (peer) => {
        peer.send(text("1"), text("2"));
        endCleanly(peer);
      });
      const lines = stdout.trim().split("\n");
      assert.equal(stderr, "");
      assert.equal(code, 0);
      assert.equal(lines.filter((line) => line === `uncaught in ${type}`).length, times, stdout);
      assert.equal(lines.filter((line) => line.startsWith("other listener")).length, times, stdout);
      assert.deepEqual(
        lines.filter((line) => /^(message|close)/.test(line)),
        ["message 1", "message 2", "close 1000 true"],
      );
    }
  });

  test("for error is reported; close still comes", async (t) => {
    const { code, stdout } = await runAgainst(t, throwing("error"), (peer) => {
      peer.send(encodeFrame(0x3));
      peer.socket.end();
    });
    assert.equal(code, 0);
    assert.deepEqual(stdout.trim().split("\n").sort(), [
      "close 1006 false",
      "other listener 3",
      "uncaught in error",
    ]);
  });

  test("ends the process, as any uncaught exception, where nobody handles it", async (t) => {
    const source = `new WebSocket(url).onmessage = () => { throw new Error("nobody caught this") };`;
    const { code, stderr } = await runAgainst(t, source, (peer) => peer.send(text("1")));
    assert.equal(code, 1);
    assert.match(stderr, /nobody caught this/);
  });

  test("asynchronously is an unhandled rejection, not lost", async (t) => {
    const source = `
      process.on("unhandledRejection", (error) => console.log("unhandled", error.message));
      const socket = new WebSocket(url);
      socket.onmessage = async ({ data }) => { throw new Error(data) };
    `;
    const { stdout } = await runAgainst(t, source, (peer) => {
      peer.send(text("1"), text("2"));
      endCleanly(peer);
    });
    assert.equal(stdout, "unhandled 1\nunhandled 2\n");
  });
});

describe("calls inside handlers", () => {
  const types = ["open", "message", "error", "close"] as const;

  /** One connection with all four events that it can have; `act` runs inside the handler of `type`. */
  async function lifeWith(t: TestContext, type: string, act: (socket: WebSocket) => void) {
    const server = await rawServer(t);
    const socket = construct(server.url);
    const log: string[] = [];
    for (const each of types) {
      socket.addEventListener(each, () => {
        log.push(each);
        if (each === type) act(socket);
      });
    }
    const done = closed(socket);
    const peer = await server.accept({}, [text("1")]);
    if (type === "error") {
      peer.send(encodeFrame(0x3));
      peer.socket.end();
    } else {
      const first = await peer.nextFrame();
      if (first.opcode !== 0x8) await peer.nextCloseCode();
      endCleanly(peer);
    }
    return { log, event: await done, peer };
  }

  test("close() in open or message ends the connection cleanly", async (t) => {
    for (const [type, expected] of [
      ["open", ["open", "close"]],
      ["message", ["open", "message", "close"]],
    ] as const) {
      const { log, event } = await lifeWith(t, type, (socket) => socket.close(1000));
      assert.deepEqual(log, expected);
      assert.deepEqual([event.code, event.wasClean], [1000, true]);
    }
  });

  test("send, then close() in open or message", async (t) => {
    for (const type of ["open", "message"]) {
      const { event } = await lifeWith(t, type, (socket) => {
        socket.send("from the handler");
        socket.close();
      });
      assert.equal(event.wasClean, true);
    }
  });

  test("send and close() in error and close do nothing and do not throw", async (t) => {
    const inError = await lifeWith(t, "error", (socket) => {
      socket.send("late");
      socket.close(1000);
    });
    assert.deepEqual(inError.log, ["open", "message", "error", "close"]);
    assertAbnormal(inError.event);

    const { socket, peer } = await openLine(t);
    let amount = 0;
    socket.onclose = () => {
      socket.send("late");
      socket.close(1000);
      amount = socket.bufferedAmount;
    };
    const done = closed(socket);
    endCleanly(peer);
    assert.equal((await done).code, 1000);
    assert.equal(amount, 4);
  });

  test("send in a message handler answers every message in order", async (t) => {
    const { socket, peer } = await openLine(t);
    socket.onmessage = ({ data }) => socket.send(`re: ${String(data)}`);
    const count = 500;
    peer.send(...Array.from({ length: count }, (_value, index) => text(`${index}`)));
    for (let index = 0; index < count; index += 1) {
      assert.equal((await peer.nextFrame()).payload.toString(), `re: ${index}`);
    }
  });

  test("a new connection in a close handler, twenty times over", async (t) => {
    const server = await rawServer(t);
    const rounds = 20;
    let opens = 0;
    const finished = new Promise<void>((resolve) => {
      const connect = () => {
        const socket = construct(server.url);
        socket.onopen = () => {
          opens += 1;
        };
        socket.onclose = () => (opens === rounds ? resolve() : connect());
      };
      connect();
    });
    for (let round = 0; round < rounds; round += 1) endCleanly(await server.accept());
    await finished;
    assert.equal(opens, rounds);
  });
});

describe("a peer that misbehaves", () => {
  test("by writing on after its close frame, or after a failure, harms nothing", async (t) => {
    const first = await openLine(t);
    const done = closed(first.socket);
    first.peer.send(close(1000), Buffer.alloc(100_000, 0xff));
    first.peer.socket.end();
    assert.equal((await done).wasClean, true);

    const second = await openLine(t);
    const failed = closed(second.socket);
    second.peer.send(encodeFrame(0x3), Buffer.alloc(100_000, 0xff));
    await second.peer.nextCloseCode();
    second.peer.socket.end();
    assertAbnormal(await failed);
  });

  test("by resetting while much is on its way to it is 1006", async (t) => {
    const { socket, peer } = await openLine(t);
    peer.socket.pause();
    const done = closed(socket);
    for (let index = 0; index < 20; index += 1) socket.send(new Uint8Array(1 << 20));
    peer.socket.resetAndDestroy();
    assertAbnormal(await done);
  });

  test("one connection's failure leaves the others alone", async (t) => {
    const { socket, peer, server } = await openLine(t);
    const other = construct(server.url);
    const open = opened(other);
    const otherPeer = await server.accept();
    await open;
    const failed = closed(other);
    otherPeer.send(encodeFrame(0x3));
    otherPeer.socket.end();
    await failed;
    peer.send(text("still here"));
    assert.equal(await nextData(socket), "still here");
  });
});
