import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { after, before, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { WebSocket as UndiciWebSocket } from "undici";
import { WebSocket as WsWebSocket } from "ws";
import { FaultyProxy, RestartingServer, runFaultScript } from "../testing/index.js";
import { WebSocket } from "../websocket/websocket.js";
import type { LostEvent } from "./events.js";
import {
  ReconnectingWebSocket,
  type ReconnectingWebSocketOptions,
  type WebSocketConstructor,
} from "./index.js";

/** Times a hundred times shorter than the defaults. */
const short = { minDelay: 5, maxDelay: 50, stableAfter: 100, connectTimeout: 500, idle: 200, timeout: 200 };

const classes: Record<string, { WebSocket: WebSocketConstructor; options: ReconnectingWebSocketOptions }> = {
  openline: { WebSocket, options: {} },
  ws: {
    WebSocket: WsWebSocket,
    options: { heartbeat: { message: "ping?", isReply: (data) => data === "ping?" } },
  },
  undici: {
    WebSocket: UndiciWebSocket,
    options: { heartbeat: { message: "ping?", isReply: (data) => data === "ping?" } },
  },
};

for (const [name, { WebSocket: Class, options }] of Object.entries(classes)) {
  describe(`ReconnectingWebSocket over ${name}, through a faulty network`, { timeout: 30_000 }, () => {
    let server: RestartingServer;
    let proxy: FaultyProxy;

    const open = (more: ReconnectingWebSocketOptions = {}) =>
      new ReconnectingWebSocket(proxy.url, undefined, { WebSocket: Class, ...short, ...options, ...more });

    const ended = async (socket: ReconnectingWebSocket) => {
      const closed = once(socket, "close");
      socket.close();
      await closed;
    };

    before(async () => {
      server = await RestartingServer.start({
        onConnection: (socket) => {
          socket.onmessage = ({ data }) => socket.send(data as string);
        },
      });
      proxy = await FaultyProxy.start({ port: server.port });
    });

    after(async () => {
      await proxy.close();
      await server.stop();
    });

    it("notices a half-open connection, while the plain object still says OPEN", async () => {
      const plain = new WebSocket(proxy.url);
      await once(plain, "open");
      const socket = open();
      await once(socket, "up");
      proxy.hold();
      const start = performance.now();
      const [{ cause }] = await once(socket, "down");
      const noticed = performance.now() - start;
      assert.match(cause.reason, /^Silent for/);
      // What is beyond is the slack of a busy machine's timers.
      assert.ok(noticed <= short.idle + short.timeout + 300, `noticed after ${noticed} ms`);
      assert.equal(plain.readyState, plain.OPEN);
      const up = once(socket, "up");
      proxy.release();
      await up;
      await ended(socket);
      plain.close();
      await once(plain, "close");
    });

    it("comes back after a reset, a cut frame, a 503, dropped handshakes and a crash", async () => {
      const socket = open();
      await once(socket, "up");
      const faults: (() => void | Promise<void>)[] = [
        () => proxy.reset(),
        () => proxy.cut(),
        () => {
          proxy.cutInsideFrame("to-client");
          socket.send("cut inside");
        },
        () => {
          proxy.answer(503);
          proxy.cut();
        },
        () => {
          proxy.dropHandshakes();
          proxy.cut();
        },
        () => server.crash(),
      ];
      for (const fault of faults) {
        const noticed = once(socket, "reconnecting");
        await fault();
        await noticed;
        const up = once(socket, "up");
        proxy.heal();
        if (fault === faults.at(-1)) await server.start();
        await up;
        const answer = new Promise<void>((resolve) => {
          socket.onmessage = ({ data }) => data === "after" && resolve();
        });
        socket.send("after");
        await answer;
      }
      socket.onmessage = null;
      await ended(socket);
    });

    // undici hides the status, as a browser does.
    const isTold = name !== "undici";
    it(`${isTold ? "gives up after a 403, and tells the status" : "tries again after a 403"}`, async () => {
      proxy.answer(403);
      const socket = open();
      if (isTold) {
        const [event] = await once(socket, "close");
        assert.equal(event.status, 403);
        assert.equal(socket.readyState, socket.CLOSED);
      } else {
        await once(socket, "reconnecting");
        await ended(socket);
      }
      while (proxy.connections > 0) await sleep(2);
      proxy.heal();
    });
  });
}

describe("a message that takes long to come in", { timeout: 30_000 }, () => {
  it("is life, although it keeps the pong waiting", async () => {
    const server = await RestartingServer.start({
      perMessageDeflate: false,
      onConnection: (socket) => {
        socket.onmessage = () => socket.send("x".repeat(400_000));
      },
    });
    const proxy = await FaultyProxy.start({ port: server.port });
    const socket = new ReconnectingWebSocket(proxy.url, undefined, { ...short, idle: 100, timeout: 100 });
    const events: string[] = [];
    for (const type of ["down", "reconnecting"] as const) {
      socket.addEventListener(type, () => events.push(type));
    }
    await once(socket, "up");
    // Ten times as long as idle and timeout together.
    proxy.throttle(200_000, "to-client");
    socket.send("send me much");
    const [{ data }] = await once(socket, "message");
    assert.equal(data.length, 400_000);
    assert.deepEqual(events, []);

    proxy.hold();
    const [{ cause }] = await once(socket, "down");
    assert.match(cause.reason, /^Silent/, "what doesn't move any more is dead all the same");
    socket.close();
    await once(socket, "close");
    await proxy.close();
    await server.crash();
  });
});

describe("chaos over real sockets", { timeout: 60_000 }, () => {
  const chosen = process.env["OPENLINE_CHAOS_SEED"];
  for (const [name, { WebSocket: Class, options }] of Object.entries(classes)) {
    const seed = chosen === undefined ? Math.floor(Math.random() * 2 ** 31) : Number(chosen);
    it(`loses nothing without a word, over ${name}`, async (context) => {
      context.diagnostic(`OPENLINE_CHAOS_SEED=${seed}`);
      const connections: number[][] = [];
      const server = await RestartingServer.start({
        onConnection: (socket) => {
          const received: number[] = [];
          connections.push(received);
          socket.onmessage = ({ data }) => {
            if (data === "ping?") socket.send("ping?");
            else received.push(Number(data));
          };
        },
      });
      const proxy = await FaultyProxy.start({ port: server.port });
      const socket = new ReconnectingWebSocket(proxy.url, undefined, {
        WebSocket: Class,
        ...options,
        ...short,
        idle: 40,
        timeout: 60,
        connectTimeout: 150,
        keepSent: true,
      });
      const lost = new Set<number>();
      socket.addEventListener("lost", (event) => {
        const { count, messages } = event as LostEvent;
        assert.equal(count, messages.length);
        for (const message of messages) lost.add(Number(message));
      });
      let sent = 0;
      const sending = setInterval(() => {
        socket.send(String(sent++));
        socket.send(String(sent++));
      }, 2);
      await runFaultScript(proxy, { seed, steps: 100, longest: 40 });
      clearInterval(sending);
      const last = sent++;
      // A line that looks up may still be a dead one: then its end tells that the last message is lost.
      socket.send(String(last));
      while (!lost.has(last) && !connections.some((received) => received.includes(last))) await sleep(5);
      const closed = once(socket, "close");
      socket.close();
      await closed;

      const arrived = new Set<number>();
      for (const received of connections) {
        for (const [at, message] of received.entries()) {
          assert.ok(at === 0 || message > (received[at - 1] ?? 0), "in order, none twice in a connection");
          arrived.add(message);
        }
      }
      for (let message = 0; message < sent; message++) {
        assert.ok(arrived.has(message) || lost.has(message), `message ${message} vanished without a word`);
      }
      context.diagnostic(
        `${sent} sent over ${connections.length} connections: ${arrived.size} arrived, ${lost.size} told as lost`,
      );
      assert.ok(connections.length > 3, "the faults did break connections");
      assert.equal(socket.readyState, socket.CLOSED);
      await proxy.close();
      await server.crash();
    });
  }
});

describe("a process with a ReconnectingWebSocket", { timeout: 20_000 }, () => {
  const program = (rest: string) => `
    import { ReconnectingWebSocket } from ${JSON.stringify(new URL("./index.js", import.meta.url).href)};
    const socket = new ReconnectingWebSocket("ws://127.0.0.1:9/", undefined, { minDelay: 60_000, maxDelay: 60_000 });
    ${rest}`;

  const run = (rest: string) =>
    spawn(process.execPath, ["--input-type=module", "-e", program(rest)], { stdio: "pipe" });

  it("is kept alive by one that waits", async () => {
    const child = run(`socket.onreconnecting = () => console.log("waiting");`);
    await once(child.stdout, "data");
    await sleep(300);
    assert.equal(child.exitCode, null);
    child.kill();
    await once(child, "exit");
  });

  it("ends with one that waits and is unref'd", async () => {
    const child = run(`socket.unref();`);
    assert.equal((await once(child, "exit"))[0], 0);
  });

  it("ends with one that is closed", async () => {
    const child = run(`socket.onreconnecting = () => socket.close();`);
    assert.equal((await once(child, "exit"))[0], 0);
  });
});
