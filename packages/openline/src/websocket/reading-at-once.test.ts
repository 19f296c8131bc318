import assert from "node:assert/strict";
import { connect, type Socket } from "node:net";
import { Duplex } from "node:stream";
import { describe, type TestContext, test } from "node:test";
import fc from "fast-check";
import { pause, resume, type WebSocket } from "../index.js";
import { selfSignedCertificate } from "../testing-support/certificate.test.support.js";
import { endCleanly, runAgainst } from "../testing-support/child.test.support.js";
import { binary, close, encodeFrame, ping, text } from "../testing-support/frames.test.support.js";
import { microtasks, until, within } from "../testing-support/guard.test.support.js";
import { rawServer } from "../testing-support/raw-server.test.support.js";
import { closed, construct, openLine } from "../testing-support/sockets.test.support.js";

/** The same bytes by a stream of the program's own: nothing that it brings may be read at once. */
function throughStream(socket: Socket): Duplex {
  const stream = new Duplex({
    read() {},
    write: (chunk, _encoding, callback) => {
      socket.write(chunk, () => callback());
    },
    final: (callback) => {
      socket.end(() => callback());
    },
    destroy: (error, callback) => {
      socket.destroy();
      callback(error);
    },
  });
  socket.on("data", (chunk) => stream.push(chunk));
  socket.on("end", () => stream.push(null));
  socket.on("error", (error) => stream.destroy(error));
  return stream;
}

/** What the program does when a message comes; the log must not depend on how the bytes came. */
type Reaction = "nothing" | "send" | "await" | "tick" | "pause" | "throw" | "close";

type Received = ["text" | "binary" | "ping", size: number] | ["close"] | ["nonsense"];

async function life(
  t: TestContext,
  received: readonly Received[],
  reactions: readonly Reaction[],
  cuts: readonly number[],
  options: (port: number) => object,
): Promise<string[]> {
  const server = await rawServer(t);
  const socket = construct(server.url, options(server.port));
  const log: string[] = [];
  let count = 0;
  const react: Record<Reaction, (index: number) => void> = {
    nothing() {},
    send: (index) => socket.send(`answer ${index}`),
    async await(index) {
      await microtasks(10);
      log.push(`awaited ${index}`);
    },
    tick(index) {
      process.nextTick(() => queueMicrotask(() => process.nextTick(() => log.push(`ticked ${index}`))));
    },
    pause(index) {
      pause(socket);
      setTimeout(() => {
        log.push(`resumed ${index}`);
        resume(socket);
      }, 1);
    },
    async throw(index) {
      await null;
      await Promise.reject(new Error(`rejected ${index}`)).catch((error) => log.push(error.message));
    },
    close: () => socket.close(4000, "enough"),
  };
  socket.binaryType = "arraybuffer";
  socket.addEventListener("open", () => log.push("open"));
  socket.addEventListener("error", () => log.push("error"));
  socket.addEventListener("message", ({ data }) => {
    log.push(`message ${typeof data === "string" ? data : `of ${(data as ArrayBuffer).byteLength} bytes`}`);
    react[reactions[count % reactions.length] ?? "nothing"](count++);
  });
  const done = closed(socket);
  const frames = received.map(([what, size = 0], index) => {
    if (what === "text") return text(`${index}`.padEnd(size, "."));
    if (what === "binary") return binary(new Uint8Array(size));
    if (what === "ping") return ping("p".repeat(size % 126));
    return what === "close" ? close(3000, "bye") : encodeFrame(0x3);
  });
  const peer = await server.accept();
  const bytes = Buffer.concat([...frames, close(1000)]);
  let from = 0;
  for (const cut of [...cuts.map((each) => each % bytes.length).sort((a, b) => a - b), bytes.length]) {
    peer.send(bytes.subarray(from, cut));
    from = cut;
  }
  peer.socket.end();
  const { code, reason, wasClean } = await done;
  log.push(`close ${code} ${reason} ${wasClean}`);
  return log;
}

/** The lines of a program that gets the texts "0", "1" … in one go, and then the end of the connection. */
async function linesOf(t: TestContext, source: string, count: number): Promise<string[]> {
  const { stdout, stderr, code } = await runAgainst(t, source, (peer) => {
    peer.send(...Array.from({ length: count }, (_, index) => text(`${index}`)));
    endCleanly(peer);
  });
  assert.equal(stderr, "");
  assert.equal(code, 0);
  return stdout.trim().split("\n");
}

describe("messages that are read at once", () => {
  test("come as those that wait for a turn of the event loop, whatever comes and the program does", async (t) => {
    const what = fc.oneof(
      { weight: 8, arbitrary: fc.tuple(fc.constantFrom("text", "binary"), fc.integer({ min: 0, max: 300 })) },
      { weight: 1, arbitrary: fc.tuple(fc.constant("binary"), fc.constant(100_000)) },
      { weight: 2, arbitrary: fc.tuple(fc.constant("ping"), fc.nat(125)) },
      { weight: 1, arbitrary: fc.constantFrom(["close"], ["nonsense"]) },
    ) as fc.Arbitrary<Received>;
    const reaction = fc.oneof(
      {
        weight: 12,
        arbitrary: fc.constantFrom<Reaction>("nothing", "send", "await", "tick", "pause", "throw"),
      },
      { weight: 1, arbitrary: fc.constant<Reaction>("close") },
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(what, { maxLength: 30 }),
        fc.array(reaction, { minLength: 1, maxLength: 8 }),
        fc.array(fc.nat(), { maxLength: 4 }),
        async (received, reactions, cuts) => {
          const atOnce = await life(t, received, reactions, cuts, () => ({}));
          const inTurns = await life(t, received, reactions, cuts, (port) => ({
            createConnection: () => throughStream(connect(port, "127.0.0.1")),
          }));
          assert.deepEqual(atOnce, inTurns);
        },
      ),
      { numRuns: 40 },
    );
  });

  const throwing = `
    const log = (...words) => console.log(...words);
    process.on("uncaughtException", (error) => log(error.message));
    const socket = new WebSocket(url);
    socket.onmessage = ({ data }) => {
      log("message", data);
      if (data % 3 === 0) process.nextTick(() => { throw new Error("in a tick " + data) });
      if (data % 3 === 1) queueMicrotask(() => { throw new Error("in a microtask " + data) });
      Promise.resolve().then(async () => { for (let i = 0; i < 20; i++) await null; log("through", data) });
    };
    socket.onclose = ({ code }) => log("close", code);
  `;

  test("an exception in a tick or a microtask is told of before the next message, and loses none", async (t) => {
    const count = 12;
    const lines = await linesOf(t, throwing, count);
    const places = ["in a tick", "in a microtask"];
    const expected = Array.from({ length: count }, (_, index) => {
      const place = places[index % 3];
      return [`message ${index}`, ...(place === undefined ? [] : [`${place} ${index}`]), `through ${index}`];
    });
    assert.deepEqual(lines, [...expected.flat(), "close 1000"]);
  });

  test("where Node keeps its checkpoint to itself, each waits for a turn of its own", async (t) => {
    const variable = "NODE_PENDING_DEPRECATION";
    process.env[variable] = "1";
    t.after(() => delete process.env[variable]);
    const source = `
      const { checkpoint } = await import(${JSON.stringify(new URL("microtask-checkpoint.js", import.meta.url).href)});
      const log = ["checkpoint: " + checkpoint];
      const socket = new WebSocket(url);
      socket.onmessage = async ({ data }) => {
        log.push("message " + data);
        for (let i = 0; i < 20; i++) await null;
        log.push("through " + data);
      };
      socket.onclose = ({ code }) => console.log([...log, "close " + code].join("\\n"));
    `;
    const count = 2000;
    const lines = await linesOf(t, source, count);
    const expected = Array.from({ length: count }, (_, index) => [`message ${index}`, `through ${index}`]);
    const whole = ["checkpoint: undefined", ...expected.flat(), "close 1000"];
    assert.deepEqual(lines, whole);
  });

  test("a flood leaves the event loop its turns", async (t) => {
    const { socket, peer } = await openLine(t);
    const count = 100_000;
    let got = 0;
    let most = 0;
    let before = 0;
    let watching = true;
    const watch = () => {
      most = Math.max(most, got - before);
      before = got;
      if (watching) setImmediate(watch);
    };
    socket.onmessage = () => {
      got += 1;
    };
    watch();
    peer.send(Buffer.concat(Array.from({ length: count }, () => text(""))));
    await until(() => got === count, "all messages");
    watching = false;
    // A callback ends after 4,096 messages, and what it leaves has a turn of its own, as much again.
    assert.ok(most <= 3 * 4096, `${most} messages in one turn of the event loop`);
  });

  test("nothing is delivered within a program's own write, be it below TLS", async (t) => {
    const server = await rawServer(t, { tls: selfSignedCertificate() });
    let inScript = 0;
    const errors: string[] = [];
    const bridge = (port: number): Duplex => {
      const socket = connect(port, "127.0.0.1");
      const stream = throughStream(socket);
      socket.removeAllListeners("data");
      socket.on("data", (chunk) => {
        inScript += 1;
        stream.push(chunk);
        inScript -= 1;
      });
      return stream;
    };
    const socket: WebSocket = construct(server.url, {
      rejectUnauthorized: false,
      createConnection: () => bridge(server.port),
    });
    let got = 0;
    socket.onmessage = () => {
      if (inScript > 0) errors.push(`message ${got} within a write`);
      got += 1;
    };
    const peer = await server.accept();
    for (let index = 0; index < 50; index += 1) peer.send(text(`${index}`));
    await within(
      until(() => got === 50, "the messages"),
      "the messages",
    );
    assert.deepEqual(errors, []);
    socket.close();
  });
});
