import assert from "node:assert/strict";
import { once } from "node:events";
import type { Socket } from "node:net";
import { describe, type TestContext, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { drained, messages, pause, resume, type WebSocket } from "../index.js";
import { WebSocketServer } from "../server/index.js";
import { selfSignedCertificate } from "../testing-support/certificate.test.support.js";
import { binary, close, text } from "../testing-support/frames.test.support.js";
import { turns, within } from "../testing-support/guard.test.support.js";
import { http2Authority, http2Server } from "../testing-support/http2.test.support.js";
import { rawServer, switchingProtocols } from "../testing-support/raw-server.test.support.js";
import { openStreamLine } from "../testing-support/streams.test.support.js";
import { startProgram } from "../testing-support/talking-program.test.support.js";

const mebibyte = 1024 * 1024;
/** `OPENLINE_STREAM_MIB=1024` sends a whole gibibyte. */
const total = Number(process.env["OPENLINE_STREAM_MIB"] ?? 256) * mebibyte;
const messageSize = 64 * 1024;
/** A slow reader rests for so many milliseconds after so many bytes. */
const rest = 2;
const bytesPerRest = 4 * mebibyte;
/** What a process may grow by, and what may lie between a sender and a reader that rests: the kernel's buffers, mostly. */
const mostGrowth = 100 * mebibyte;
const mostUnderWay = 32 * mebibyte;

/** Opens the stream in a process of its own, which then knows how much it has grown. */
const opening = `
  import { WebSocketStream } from ${JSON.stringify(new URL("../index.js", import.meta.url).href)};
  const [url, ca, http2] = process.argv.slice(1);
  const stream = new WebSocketStream(url, { ...(ca !== "" && { ca }), ...(http2 !== undefined && { http2: true }) });
  const { readable, writable } = await stream.opened;
  const before = process.memoryUsage.rss();
  let growth = 0;
  let bytes = 0;
  const count = async (more) => {
    bytes += more;
    if (bytes % ${mebibyte} === 0) growth = Math.max(growth, process.memoryUsage.rss() - before);
  };
  const say = (line) => console.log(JSON.stringify(line));
`;

const slowReader = `
  for await (const message of readable) {
    await count(message.length);
    if (bytes % ${bytesPerRest} === 0) await new Promise((resolve) => setTimeout(resolve, ${rest}));
  }
  say({ growth, bytes });
`;

/** Says how much it has written once a write has to wait, then writes on. */
const fastWriter = `
  const writer = writable.getWriter();
  const chunk = new Uint8Array(${messageSize});
  let waited = false;
  while (bytes < ${total}) {
    let taken = false;
    const write = writer.write(chunk).then(() => { taken = true; });
    await count(chunk.length);
    for (let turn = 0; turn < 100 && !taken && !waited; turn++) await new Promise(setImmediate);
    if (!taken && !waited) {
      waited = true;
      say({ bytes });
    }
    await write;
  }
  await writer.close();
  say({ growth, bytes });
`;

interface Report {
  readonly growth: number;
  readonly bytes: number;
}

async function start(t: TestContext, scheme: "ws:" | "wss:", source: string) {
  const certificate = scheme === "ws:" ? undefined : selfSignedCertificate();
  const server = await rawServer(t, certificate === undefined ? {} : { tls: certificate });
  const program = startProgram(t, opening + source, server.url, certificate?.cert ?? "");
  const { peer, request } = await server.nextRequest();
  peer.send(switchingProtocols(request));
  const report = async (): Promise<Report> => JSON.parse(await program.nextLine()) as Report;
  return { socket: peer.socket, report };
}

for (const scheme of ["ws:", "wss:"] as const) {
  describe(`${total / mebibyte} MiB over ${scheme}`, () => {
    test("to a slow reader: the server has to wait, and the reader's process doesn't grow", async (t) => {
      const { socket, report } = await start(t, scheme, slowReader);
      const waits = await sendAll(socket);
      const { growth, bytes } = await report();
      assert.equal(bytes, total);
      assert.ok(waits > 0);
      assert.ok(growth < mostGrowth, `the process grew by ${growth} bytes`);
    });

    test("to a slow server: the writes wait, and the writer's process doesn't grow", async (t) => {
      const { socket, report } = await start(t, scheme, fastWriter);
      socket.removeAllListeners("data");
      socket.pause();
      const underWay = await report();
      assert.ok(underWay.bytes < mostUnderWay, `${underWay.bytes} bytes were written before one waited`);
      await readAllSlowly(socket);
      socket.end(close());
      const { growth, bytes } = await report();
      assert.equal(bytes, total);
      assert.ok(growth < mostGrowth, `the process grew by ${growth} bytes`);
    });
  });
}

describe(`${total / mebibyte} MiB over HTTP/2`, () => {
  async function startHttp2(t: TestContext, source: string) {
    const { http, url } = await http2Server(t);
    const server = new WebSocketServer({ server: http, perMessageDeflate: false });
    t.after(() => server.close());
    const connected = once(server, "connection");
    const program = startProgram(t, opening + source, url, http2Authority.cert, "http2");
    const [socket] = (await within(connected, "the connection")) as [WebSocket];
    socket.binaryType = "arraybuffer";
    const report = async (): Promise<Report> => JSON.parse(await program.nextLine()) as Report;
    return { socket, report };
  }

  test("to a slow reader: the server has to wait, and the reader's process doesn't grow", async (t) => {
    const { socket, report } = await startHttp2(t, slowReader);
    const chunk = new Uint8Array(messageSize);
    let waits = 0;
    for (let sent = 0; sent < total; sent += messageSize) {
      socket.send(chunk);
      if (socket.bufferedAmount < mebibyte) continue;
      waits += 1;
      await within(drained(socket, mebibyte / 2), "the reader");
    }
    socket.close(1000);
    const { growth, bytes } = await report();
    assert.equal(bytes, total);
    assert.ok(waits > 0);
    assert.ok(growth < mostGrowth, `the process grew by ${growth} bytes`);
  });

  test("to a slow server: the writes wait, and the writer's process doesn't grow", async (t) => {
    const { socket, report } = await startHttp2(t, fastWriter);
    pause(socket);
    const underWay = await report();
    assert.ok(underWay.bytes < mostUnderWay, `${underWay.bytes} bytes were written before one waited`);
    let bytesRead = 0;
    const received = messages(socket);
    resume(socket);
    for await (const data of received) {
      bytesRead += (data as ArrayBuffer).byteLength;
      if (bytesRead % bytesPerRest === 0) await sleep(rest);
    }
    const { growth, bytes } = await report();
    assert.deepEqual([bytes, bytesRead], [total, total]);
    assert.ok(growth < mostGrowth, `the process grew by ${growth} bytes`);
  });
});

describe("a reader that doesn't read", () => {
  test("stops the socket; reading on starts it again, and nothing is lost", async (t) => {
    const { reader, peer } = await openStreamLine(t);
    const frame = binary(Buffer.alloc(messageSize));
    const most = mostUnderWay / messageSize;
    let sent = 0;
    // Once the peer's socket has taken nothing for so many turns, it is stopped.
    for (; sent < most; sent += 1) {
      peer.send(frame);
      for (let turn = 0; turn < 200 && peer.socket.writableLength > 0; turn += 1) await turns(1);
      if (peer.socket.writableLength > 0) break;
    }
    assert.ok(sent < most, "the peer could send on and on");
    const drained = once(peer.socket, "drain");
    for (let read = 0; read <= sent; read += 1)
      assert.equal((await reader.read()).value?.length, messageSize);
    await within(drained, "the peer's socket to go on");
    peer.send(text("last"));
    assert.equal((await reader.read()).value, "last");
  });

  test("of small messages, too: a packet with more of them than are read ahead", async (t) => {
    const { reader, peer } = await openStreamLine(t);
    const count = 20_000;
    peer.send(...Array.from({ length: count }, (_, index) => text(String(index))), close(3000));
    await turns(100);
    for (let index = 0; index < count; index += 1) assert.equal((await reader.read()).value, String(index));
    assert.equal((await reader.read()).done, true);
    assert.equal(await peer.nextCloseCode(), 3000);
  });

  test("answers the close frame although the peer ended the connection long before", async (t) => {
    const { stream, reader, peer } = await openStreamLine(t);
    const count = 5000;
    peer.socket.end(
      Buffer.concat([...Array.from({ length: count }, (_, index) => text(String(index))), close(3000)]),
    );
    await turns(200);
    for (let index = 0; index < count; index += 1) assert.equal((await reader.read()).value, String(index));
    assert.equal((await reader.read()).done, true);
    assert.equal(await peer.nextCloseCode(), 3000);
    assert.deepEqual(await within(stream.closed, "closed"), { closeCode: 3000, reason: "" });
  });

  test("gets the rest when the connection is cut meanwhile, and then the error", async (t) => {
    const { stream, reader, peer } = await openStreamLine(t);
    const count = 20_000;
    let next = 0;
    const reading = (async () => {
      for (; ; next += 1) {
        assert.equal((await reader.read()).value, String(next));
        if (next === 0) peer.socket.end();
      }
    })();
    peer.send(...Array.from({ length: count }, (_, index) => text(String(index))));
    const reason: unknown = await within(reading, "the end").catch((error: unknown) => error);
    assert.equal(next, count);
    assert.equal(reason, await stream.closed.catch((error: unknown) => error));
  });
});

/** Sends binary messages as fast as the socket takes them, then closes; gives how often it had to wait. */
async function sendAll(socket: Socket): Promise<number> {
  const frame = binary(Buffer.alloc(messageSize));
  let waits = 0;
  for (let sent = 0; sent < total; sent += messageSize) {
    if (socket.write(frame)) continue;
    waits += 1;
    await within(once(socket, "drain"), "the reader");
  }
  socket.end(close(1000));
  return waits;
}

/** Reads all messages of the fast writer, and its close frame. */
async function readAllSlowly(socket: Socket): Promise<void> {
  const closeFrame = 6;
  let missing = (total / messageSize) * (messageSize + 14) + closeFrame;
  let untilRest = bytesPerRest;
  socket.on("data", (chunk: Buffer) => {
    missing -= chunk.length;
    untilRest -= chunk.length;
    if (missing <= 0) socket.emit("all read");
    if (untilRest > 0) return;
    untilRest = bytesPerRest;
    socket.pause();
    void sleep(rest).then(() => socket.resume());
  });
  const allRead = once(socket, "all read");
  socket.resume();
  await within(allRead, "all messages", 60_000);
  assert.equal(missing, 0);
}
