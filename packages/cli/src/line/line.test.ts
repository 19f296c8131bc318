import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer as createTlsServer } from "node:https";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { after, afterEach, before, beforeEach, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { WebSocket } from "openline";
import { WebSocketServer } from "openline/server";
import { generate } from "selfsigned";
import type { ConnectionEvent } from "../recording/connection-event.js";
import { inTimeOrder } from "../recording/recorded-connection.js";
import { Recording } from "../recording/recording.js";
import { type Line, type LineOptions, openLine } from "./line.js";

/** Waits until something is so; the test's own time limit is the guard. */
async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await sleep(2);
}

let recording: Recording;
let line: Line | undefined;

async function lineTo(url: string, options: Partial<LineOptions> = {}): Promise<Line> {
  line = await openLine({ url, recorder: recording, ...options });
  return line;
}

function events(): ConnectionEvent[] {
  return inTimeOrder(recording.connections);
}

function kinds(): string[] {
  return events().map((event) =>
    event.kind === "frame" ? `${event.direction} ${event.opcode}` : event.kind,
  );
}

describe("Line", { timeout: 20_000 }, () => {
  let server: WebSocketServer;
  let port: number;

  before(async () => {
    server = new WebSocketServer({ port: 0, host: "127.0.0.1" });
    server.on("connection", (socket) => {
      socket.binaryType = "arraybuffer";
      socket.onmessage = ({ data }) => socket.send(data as string | ArrayBuffer);
    });
    await once(server, "listening");
    port = (server.address() as AddressInfo).port;
  });

  after(() => server.close());

  beforeEach(() => {
    recording = new Recording();
  });

  afterEach(async () => {
    await line?.close();
    line = undefined;
    recording.close();
  });

  it("records a connection, its credentials masked, and names the target in Host alone", async () => {
    const { url } = await lineTo(`ws://localhost:${port}/chat?token=secret`, {
      headers: [["X-Added", "secret"]],
    });
    assert.match(url, /^ws:\/\/127\.0\.0\.1:\d+\/chat\?token=secret$/);
    let headers: NodeJS.Dict<string | string[]> = {};
    server.once("connection", (_socket, request) => {
      headers = request.headers;
    });
    const socket = new WebSocket(url, {
      origin: "https://app.example",
      headers: { Cookie: "secret", "X-Added": "own" },
    });
    await once(socket, "open");
    const text = "hello ".repeat(50);
    socket.send(text);
    await once(socket, "message");
    socket.close(3000, "bye");
    await once(socket, "close");
    await until(() => kinds().includes("end"));

    assert.equal(headers["host"], `localhost:${port}`);
    assert.equal(headers["origin"], "https://app.example");
    assert.equal(headers["x-added"], "secret");
    const [request, response, sent, received] = events();
    assert.ok(request?.kind === "request" && response?.kind === "response");
    assert.equal(request.url, `ws://localhost:${port}/chat?token=%28hidden%29`);
    assert.equal(response.status, 101);
    assert.ok(sent?.kind === "frame" && received?.kind === "frame");
    assert.equal(sent.payload, text);
    assert.equal(received.payload, text);
    assert.ok(sent.compressed && sent.length < text.length);
    assert.deepEqual(kinds(), ["request", "response", "sent 1", "received 1", "sent 8", "received 8", "end"]);
    const end = events().at(-1);
    assert.ok(end?.kind === "end");
    assert.deepEqual([end.code, end.reason, end.wasClean, end.error], [3000, "bye", true, undefined]);
    assert.doesNotMatch(JSON.stringify(events()), /secret/);
  });

  it("is open to nobody else, if it has a secret", async () => {
    const { url, port: ownPort } = await lineTo(`ws://127.0.0.1:${port}/chat?x=1`, { isSecret: true });
    assert.match(url, /^ws:\/\/127\.0\.0\.1:\d+\/[\w-]{32}\/chat\?x=1$/);
    const foreign = new WebSocket(`ws://127.0.0.1:${ownPort}/chat?x=1`);
    const failed = once(foreign, "error");
    await once(foreign, "close");
    assert.match((await failed)[0].error.message, /404/);
    const [socket, asked] = [new WebSocket(url), once(server, "connection")];
    await once(socket, "open");
    assert.equal((await asked)[1].url, "/chat?x=1");
    socket.close();
    await once(socket, "close");
    assert.equal(recording.connections.length, 1);
    assert.equal(recording.connections[0]?.request?.url, `ws://127.0.0.1:${port}/chat?x=1`);
  });

  it("numbers connections apart, and has no number for who says nothing", async () => {
    const { url, port: ownPort } = await lineTo(`ws://127.0.0.1:${port}/`);
    const silent = connect(ownPort, "127.0.0.1");
    await once(silent, "connect");
    silent.destroy();
    for (let count = 0; count < 2; count++) {
      const socket = new WebSocket(url);
      await once(socket, "open");
      socket.close();
      await once(socket, "close");
    }
    await until(() => kinds().filter((kind) => kind === "end").length === 2);
    assert.deepEqual(
      recording.connections.map(({ connection }) => connection),
      [1, 2],
    );
    assert.equal(line?.connections, 0);
  });

  it("says who isn't there", async () => {
    const { url } = await lineTo("ws://127.0.0.1:9/");
    const socket = new WebSocket(url);
    await once(socket, "close");
    await until(() => kinds().includes("end"));
    assert.deepEqual(kinds(), ["request", "end"]);
    const end = events().at(-1);
    assert.ok(end?.kind === "end");
    assert.equal(end.code, 1006);
    assert.match(end.error ?? "", /ECONNREFUSED/);
  });

  it("has the faults of FaultyProxy", async () => {
    const { url } = await lineTo(`ws://127.0.0.1:${port}/`);
    const open = async () => {
      const socket = new WebSocket(url);
      await once(socket, "open");
      return socket;
    };
    let socket = await open();
    line?.hold();
    socket.send("held");
    await sleep(30);
    assert.equal(kinds().includes("sent 1"), false);
    line?.release();
    await once(socket, "message");
    assert.equal(kinds().includes("sent 1"), true);
    line?.cut();
    const [{ code }] = await once(socket, "close");
    assert.equal(code, 1006);
    socket = await open();
    line?.reset();
    await once(socket, "close");
    line?.answer(503);
    socket = new WebSocket(url);
    await once(socket, "close");
    line?.heal();
    await until(
      () => recording.connections.length === 3 && recording.connections.every(({ end }) => end !== undefined),
    );
    const errors = recording.connections.map(({ end }) => end?.error ?? "");
    assert.match(errors[0] ?? "", /without a closing handshake/);
    assert.match(errors[2] ?? "", /status 503/);
    assert.equal(recording.connections[2]?.response?.status, 503);
    (await open()).close();
  });

  describe("lets nobody through who doesn't mean this machine", () => {
    const host = (value: string) => `Host: ${value}\r\n`;
    const cases: [name: string, fields: string, status: number][] = [
      ["a page of a host that was rebound", host("evil.example"), 403],
      ["its own port behind a foreign name", host("evil.example:80"), 403],
      ["a name that begins like ours", host("localhost.evil.example"), 403],
      ["no Host", "", 403],
      ["two Hosts", host("localhost") + host("evil.example"), 403],
      ["localhost", host("localhost:1234"), 101],
      ["127.0.0.1", host("127.0.0.1"), 101],
      ["[::1]", host("[::1]:80"), 101],
      ["another origin", `${host("localhost")}Origin: https://evil.example\r\n`, 403],
      ["the right origin", `${host("localhost")}Origin: http://localhost:1\r\n`, 101],
      ["a head without end", `${host("evil.example")}X: ${"x".repeat(70_000)}`, 431],
    ];
    for (const [name, fields, status] of cases) {
      it(name, async () => {
        const { port: ownPort } = await lineTo(`ws://127.0.0.1:${port}/`, {
          origins: ["http://localhost:1"],
        });
        const socket = connect(ownPort, "127.0.0.1").on("error", () => {});
        const handshake = "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n";
        socket.write(
          `GET / HTTP/1.1\r\n${fields}${handshake}Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n`,
        );
        const [answer] = await once(socket, "data");
        assert.match(String(answer), new RegExp(`^HTTP/1\\.1 ${status} `));
        socket.destroy();
        await until(() => line?.connections === 0);
        assert.equal(recording.connections.length, status === 101 ? 1 : 0);
      });
    }
  });

  it("speaks TLS with the target of a wss: URL, and takes its certificate as it is told", async () => {
    const { private: key, cert } = await generate([{ name: "commonName", value: "localhost" }]);
    const https = createTlsServer({ key, cert });
    const secure = new WebSocketServer({ server: https });
    secure.on("connection", (socket) => {
      socket.onmessage = ({ data }) => socket.send(data as string);
    });
    await once(https.listen(0, "127.0.0.1"), "listening");
    const target = `wss://localhost:${(https.address() as AddressInfo).port}/`;
    const strict = new WebSocket((await lineTo(target)).url);
    await once(strict, "close");
    await until(() => kinds().includes("end"));
    const end = events().at(-1);
    assert.match((end?.kind === "end" && end.error) || "", /self-signed|certificate/);
    await line?.close();

    const trusting = new WebSocket((await lineTo(target, { tls: { rejectUnauthorized: false } })).url);
    await once(trusting, "open");
    const big = "x".repeat(300_000);
    trusting.send(big);
    assert.equal((await once(trusting, "message"))[0].data, big);
    trusting.close(1000);
    const [{ wasClean }] = await once(trusting, "close");
    assert.equal(wasClean, true);
    await until(() => recording.connections.length === 2 && recording.connections[1]?.end !== undefined);
    assert.equal(recording.connections[1]?.request?.url, target);
    await secure.close();
    await new Promise((resolve) => https.close(resolve));
  });
});

describe("Line, with what is no WebSocket", { timeout: 20_000 }, () => {
  let server: Server;
  let accepted: Socket[];

  before(async () => {
    server = createServer({ allowHalfOpen: true }, (socket) => {
      accepted.push(socket);
      socket.on("error", () => {});
    });
    await once(server.listen(0, "127.0.0.1"), "listening");
  });

  after(() => new Promise((resolve) => server.close(resolve)));

  beforeEach(async () => {
    accepted = [];
    recording = new Recording();
    await lineTo(`ws://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  });

  afterEach(async () => {
    for (const socket of accepted) socket.destroy();
    await line?.close();
    recording.close();
  });

  it("passes on what is no HTTP, both ways, and half an end", async () => {
    const near = connect(line?.port ?? 0, "127.0.0.1");
    const noise = Buffer.from([0x16, 3, 1, 0, 255, 10, 13, 10]);
    near.write(noise);
    await until(() => accepted.length === 1);
    const [far] = accepted;
    assert.ok(far);
    assert.deepEqual((await once(far, "data"))[0], noise);
    near.end();
    await once(far, "end");
    far.end("still here");
    assert.equal(String((await once(near, "data"))[0]), "still here");
    await once(near, "close");
    await until(() => kinds().includes("end"));
    const end = events().at(-1);
    assert.match((end?.kind === "end" && end.error) || "", /no HTTP\/1\.1 request/);
  });

  it("keeps back what the other end doesn't take", async () => {
    const near = connect(line?.port ?? 0, "127.0.0.1");
    near.write("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
    await until(() => accepted.length === 1);
    const [far] = accepted;
    assert.ok(far);
    // The client reads nothing: its own buffers and the line's fill, and then the server's write has to wait.
    let written = 0;
    const chunk = Buffer.alloc(2 ** 20);
    while (far.write(chunk) || far.writableLength < 2 ** 22) {
      written += chunk.length;
      await sleep(1);
      if (written > 2 ** 28) break;
    }
    assert.ok(written < 2 ** 28, "256 MiB were taken by a client that reads nothing");
    near.destroy();
    far.destroy();
  });
});
