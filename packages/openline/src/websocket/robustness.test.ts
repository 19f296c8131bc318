import assert from "node:assert/strict";
import { describe, type TestContext, test } from "node:test";
import type { WebSocket } from "../index.js";
import { runProgram } from "../testing-support/child.test.support.js";
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

/** Runs `source` with the URL of a raw server that treats its connection as `serve` says. */
async function runAgainst(
  t: TestContext,
  source: string,
  serve: (peer: Awaited<ReturnType<Awaited<ReturnType<typeof rawServer>>["accept"]>>) => void | Promise<void>,
) {
  const server = await rawServer(t);
  const running = runProgram(source, server.url);
  await serve(await server.accept());
  return running;
}

const endCleanly = (peer: { send(...parts: Uint8Array[]): void; socket: { end(): unknown } }) => {
  peer.send(close(1000));
  peer.socket.end();
};

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

describe("no listener at all", () => {
  test("for a connection that opens, gets messages and closes", async (t) => {
    const result = await runAgainst(t, "new WebSocket(url);", (peer) => {
      peer.send(text("1"));
      endCleanly(peer);
    });
    assert.deepEqual(result, { code: 0, stdout: "", stderr: "" });
  });

  test("for a connection that breaks", async (t) => {
    for (const end of ["resetAndDestroy", "destroy", "end"] as const) {
      const result = await runAgainst(t, "new WebSocket(url);", (peer) => {
        peer.socket[end]();
      });
      assert.deepEqual(result, { code: 0, stdout: "", stderr: "" });
    }
    const result = await runAgainst(t, "new WebSocket(url);", (peer) => {
      peer.send(encodeFrame(0x3));
      peer.socket.end();
    });
    assert.deepEqual(result, { code: 0, stdout: "", stderr: "" });
  });

  test("for a connection that never opens", async (t) => {
    const server = await rawServer(t);
    server.close();
    assert.deepEqual(await runProgram("new WebSocket(url);", server.url), {
      code: 0,
      stdout: "",
      stderr: "",
    });
    const blocked = await runProgram("new WebSocket('ws://127.0.0.1:1/');");
    assert.deepEqual(blocked, { code: 0, stdout: "", stderr: "" });
  });
});

describe("the process", () => {
  test("lives as long as a connection is open, without any listener or timer", async (t) => {
    const source = `
      const socket = new WebSocket(url);
      process.on("exit", () => console.log("exit", socket.readyState));
    `;
    const { code, stdout } = await runAgainst(t, source, async (peer) => {
      // Time for a process that is not held to end; one that is held does not depend on it.
      await new Promise((resolve) => setTimeout(resolve, 300));
      endCleanly(peer);
    });
    assert.equal(code, 0);
    assert.equal(stdout, "exit 3\n");
  });

  test("ends once its connection is closed, by either side", async (t) => {
    const byServer = `
      const socket = new WebSocket(url);
      socket.onclose = () => { const at = performance.now(); process.on("exit", () => console.log(performance.now() - at < 2000)) };
    `;
    assert.deepEqual(await runAgainst(t, byServer, endCleanly), { code: 0, stdout: "true\n", stderr: "" });
    const byProgram = `${byServer} socket.onopen = () => socket.close(1000);`;
    const result = await runAgainst(t, byProgram, async (peer) => {
      await peer.nextFrame();
      endCleanly(peer);
    });
    assert.deepEqual(result, { code: 0, stdout: "true\n", stderr: "" });
  });

  test("ends after close() while connecting, and after a failure that the server does not end", async (t) => {
    const server = await rawServer(t);
    const aborted = runProgram("new WebSocket(url).close();", server.url);
    assert.equal((await aborted).code, 0);
    const source = `
      const socket = new WebSocket(url);
      socket.onclose = () => { const at = performance.now(); process.on("exit", () => console.log(performance.now() - at < 2000)) };
    `;
    const result = await runAgainst(t, source, (peer) => peer.send(encodeFrame(0x3)));
    assert.deepEqual(result, { code: 0, stdout: "true\n", stderr: "" });
  });

  test("with a server of its own ends after the server's close()", async () => {
    const source = `
      const server = new WebSocketServer({ port: 0, host: "127.0.0.1" });
      server.on("listening", () => {
        const socket = new WebSocket("ws://127.0.0.1:" + server.address().port);
        socket.onopen = () => server.close().then(() => console.log("closed"));
        socket.onclose = ({ code }) => console.log(code);
      });
    `;
    const { code, stdout, stderr } = await runProgram(source);
    assert.deepEqual([code, stderr], [0, ""]);
    assert.deepEqual(stdout.trim().split("\n").sort(), ["1001", "closed"]);
  });
});

describe("close() of a server", () => {
  test("settles before the process ends, also after a connection that has failed", async () => {
    const source = `
      import { connect } from "node:net";
      const server = new WebSocketServer({ port: 0, host: "127.0.0.1" });
      await new Promise((resolve) => server.on("listening", resolve));
      server.on("connection", (socket) => {
        socket.onclose = async ({ code }) => {
          console.log(code);
          await server.close();
          console.log("closed");
        };
      });
      const client = connect(server.address().port, "127.0.0.1", () => client.write([
        "GET / HTTP/1.1", "Host: x", "Upgrade: websocket", "Connection: Upgrade",
        "Sec-WebSocket-Key: AQIDBAUGBwgJCgsMDQ4PEA==", "Sec-WebSocket-Version: 13", "", "",
      ].join("\\r\\n") + "an unmasked frame"));
      client.on("data", () => {});
      client.unref();
    `;
    const { code, stdout, stderr } = await runProgram(source);
    assert.deepEqual({ code, stdout, stderr }, { code: 0, stdout: "1006\nclosed\n", stderr: "" });
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
