import assert from "node:assert/strict";
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { describe, type TestContext, test } from "node:test";
import { inspect } from "node:util";
import {
  closed,
  connectionInfo,
  type FrameTrace,
  messages,
  opened,
  ping,
  terminate,
  WebSocket,
} from "../index.js";
import { close, continuation, ping as pingFrame, text } from "../testing-support/frames.test.support.js";
import { until, within } from "../testing-support/guard.test.support.js";
import { rawServer } from "../testing-support/raw-server.test.support.js";
import { listening, nextClient } from "../testing-support/servers.test.support.js";

const names = ["handshake", "open", "frame", "close", "error"] as const;

interface Recorded {
  readonly channel: string;
  readonly id: number;
  readonly [name: string]: unknown;
}

/** Everything that is published until the end of the test. */
function record(t: TestContext, channels: readonly string[] = names): Recorded[] {
  const recorded: Recorded[] = [];
  for (const name of channels) {
    const listener = (trace: unknown) => recorded.push({ ...(trace as Recorded), channel: name });
    subscribe(`openline:${name}`, listener);
    t.after(() => unsubscribe(`openline:${name}`, listener));
  }
  return recorded;
}

const of = (recorded: readonly Recorded[], socket: WebSocket): Recorded[] =>
  recorded.filter(({ id }) => id === connectionInfo(socket).id);

/** What a frame's trace says, without what all have in common. */
function shown(traces: readonly Recorded[]): unknown[] {
  return traces
    .filter(({ channel }) => channel === "frame")
    .map((trace) => {
      const { direction, opcode, fin, compressed, length, payload } = trace as unknown as FrameTrace;
      const shownPayload = ArrayBuffer.isView(payload)
        ? Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength).toString()
        : payload;
      return { direction, opcode, fin, compressed, length, payload: shownPayload };
    });
}

describe("traces", () => {
  test("a connection from the handshake to the close, at both ends", async (t) => {
    const recorded = record(t);
    const { server, url, port } = await listening(t);
    const client = new WebSocket(url, ["chat"]);
    const { socket } = await nextClient(server);
    await within(opened(client), "open");
    client.close(3000, "done");
    await within(Promise.all([closed(client), closed(socket)]), "close");
    const steps = (each: WebSocket) =>
      of(recorded, each).map(({ channel, stage, direction }) =>
        [channel, stage ?? direction].filter(Boolean).join(" "),
      );
    assert.deepEqual(steps(client), [
      "handshake request",
      "handshake response",
      "open",
      "frame sent",
      "frame received",
      "close",
    ]);
    assert.deepEqual(steps(socket), [
      "handshake request",
      "handshake response",
      "open",
      "frame received",
      "frame sent",
      "close",
    ]);
    for (const [each, role] of [
      [client, "client"],
      [socket, "server"],
    ] as const) {
      const [request, response, open, , , end] = of(recorded, each);
      assert.equal(request?.["role"], role);
      assert.equal(request["url"], `${url}/`);
      assert.equal(request["method"], "GET");
      assert.deepEqual(
        (request["headers"] as [string, string][]).find(([name]) => name === "Sec-WebSocket-Protocol"),
        ["Sec-WebSocket-Protocol", "chat"],
      );
      assert.deepEqual([response?.["status"], response?.["httpVersion"]], [101, "1.1"]);
      assert.equal(open?.["protocol"], "chat");
      assert.equal(open?.["remoteAddress"], "127.0.0.1");
      if (role === "client") assert.equal(open?.["remotePort"], port);
      assert.deepEqual([end?.["code"], end?.["reason"], end?.["wasClean"]], [3000, "done", true]);
    }
  });

  test("an attempt that is refused: response, error, close", async (t) => {
    const recorded = record(t);
    const server = await rawServer(t);
    const socket = new WebSocket(server.url);
    const refused = assert.rejects(within(opened(socket), "the refusal"));
    const { peer } = await server.nextRequest();
    peer.send(Buffer.from("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n"));
    await refused;
    await within(closed(socket), "close");
    const [request, response, error, end] = of(recorded, socket);
    assert.equal(request?.["stage"], "request");
    assert.equal(response?.["status"], 403);
    assert.ok(error?.["error"] instanceof Error && "code" in error["error"]);
    assert.equal(error["error"].code, "ERR_WS_HANDSHAKE_STATUS");
    assert.deepEqual([end?.channel, end?.["code"], end?.["wasClean"]], ["close", 1006, false]);
  });

  test("frames that are received: fragments, control frames between them, pieces of one frame", async (t) => {
    const server = await rawServer(t);
    const socket = new WebSocket(server.url);
    const loop = messages(socket);
    const peer = await server.accept();
    await within(opened(socket), "open");
    const recorded = record(t, ["frame"]);
    const whole = text("in two packets");
    peer.send(text("frag", { fin: false }), pingFrame("p"), continuation("ments"), whole.subarray(0, 6));
    assert.equal((await within(loop.next(), "the first")).value, "fragments");
    peer.send(whole.subarray(6));
    await within(loop.next(), "the second");
    const frame = { direction: "received", fin: true, compressed: false };
    assert.deepEqual(shown(of(recorded, socket)), [
      { ...frame, opcode: 1, fin: false, length: 4, payload: undefined },
      { ...frame, opcode: 9, length: 1, payload: "p" },
      { ...frame, direction: "sent", opcode: 10, length: 1, payload: "p" },
      { ...frame, opcode: 0, length: 5, payload: "fragments" },
      { ...frame, opcode: 1, length: 14, payload: "in two packets" },
    ]);
    peer.send(close(1000));
    peer.socket.end();
    await within(loop.next(), "the end");
  });

  test("frames that are sent: text, binary, ping, close", async (t) => {
    const server = await rawServer(t);
    const socket = new WebSocket(server.url);
    const peer = await server.accept();
    await within(opened(socket), "open");
    const recorded = record(t, ["frame"]);
    socket.send("grüße");
    const bytes = new TextEncoder().encode("bytes");
    socket.send(bytes);
    const lost = assert.rejects(ping(socket, "p"));
    socket.close(1000);
    assert.equal(await peer.nextCloseCode(), 1000);
    const frame = { direction: "sent", fin: true, compressed: false };
    assert.deepEqual(shown(of(recorded, socket)), [
      { ...frame, opcode: 1, length: 7, payload: "grüße" },
      { ...frame, opcode: 2, length: 5, payload: "bytes" },
      { ...frame, opcode: 9, length: 1, payload: "p" },
      { ...frame, opcode: 8, length: 2, payload: Buffer.from([0x03, 0xe8]).toString() },
    ]);
    terminate(socket);
    await lost;
  });

  test("compressed: the length is the wire's, the payload the program's", async (t) => {
    const { server, url } = await listening(t);
    const client = new WebSocket(url);
    const { socket } = await nextClient(server);
    await within(opened(client), "open");
    const recorded = record(t, ["frame"]);
    const loop = messages(socket);
    const data = "the same again and again, ".repeat(100);
    client.send(data);
    await within(loop.next(), "the message");
    for (const each of [client, socket]) {
      const [trace] = of(recorded, each) as unknown as FrameTrace[];
      assert.equal(trace?.compressed, true);
      assert.equal(trace.payload, data);
      assert.ok(trace.length < 100, `${trace.length} bytes`);
    }
    client.close();
    await within(closed(client), "close");
  });

  test("payloads come by reference: what the program gave and gets", async (t) => {
    const { server, url } = await listening(t, { perMessageDeflate: false });
    const client = new WebSocket(url);
    const { socket } = await nextClient(server);
    await within(opened(client), "open");
    socket.binaryType = "arraybuffer";
    const loop = messages(socket);
    const recorded = record(t, ["frame"]);
    const buffer = new ArrayBuffer(1000);
    client.send(new Uint8Array(buffer, 10, 500));
    const got = await within(loop.next(), "the message");
    const [sent] = of(recorded, client) as unknown as FrameTrace[];
    assert.ok(ArrayBuffer.isView(sent?.payload) && sent.payload.buffer === buffer);
    const [received] = of(recorded, socket) as unknown as FrameTrace[];
    assert.equal(received?.payload, got.value);
    client.close();
    await within(closed(client), "close");
  });

  test("a frame that breaks the message has no payload", async (t) => {
    const server = await rawServer(t);
    const socket = new WebSocket(server.url);
    const peer = await server.accept();
    await within(opened(socket), "open");
    const recorded = record(t, ["frame", "error"]);
    peer.send(text(Buffer.from([0xff, 0xff])));
    assert.equal(await peer.nextCloseCode(), 1007);
    peer.socket.end();
    await within(closed(socket), "close");
    const [frame, , error] = of(recorded, socket);
    assert.deepEqual([frame?.["length"], frame?.["payload"]], [2, undefined]);
    assert.ok(error?.["error"] instanceof Error);
  });

  test("who subscribes to an open connection sees its frames from then on, who unsubscribes none", async (t) => {
    const { server, url } = await listening(t);
    const client = new WebSocket(url);
    const { socket } = await nextClient(server);
    await within(opened(client), "open");
    const loop = messages(socket);
    client.send("before");
    await within(loop.next(), "the first");
    let count = 0;
    const listener = () => {
      count++;
    };
    subscribe("openline:frame", listener);
    client.send("during");
    await within(loop.next(), "the second");
    assert.equal(count, 2, "sent and received");
    unsubscribe("openline:frame", listener);
    client.send("after");
    await within(loop.next(), "the third");
    assert.equal(count, 2);
    client.close();
    await within(closed(client), "close");
  });

  test("a subscriber that throws doesn't break the connection", async (t) => {
    const thrown: unknown[] = [];
    const caught = (error: unknown) => thrown.push(error);
    const { server, url } = await listening(t);
    const client = new WebSocket(url);
    const { socket } = await nextClient(server);
    await within(opened(client), "open");
    const loop = messages(socket);
    const failure = new Error("in the subscriber");
    const listener = () => {
      throw failure;
    };
    const others = process.listeners("uncaughtException");
    process.removeAllListeners("uncaughtException");
    process.on("uncaughtException", caught);
    subscribe("openline:frame", listener);
    client.send("message");
    assert.equal((await within(loop.next(), "the message")).value, "message");
    unsubscribe("openline:frame", listener);
    await until(() => thrown.length === 2, "both are reported");
    process.off("uncaughtException", caught);
    for (const other of others) process.on("uncaughtException", other);
    assert.deepEqual(thrown, [failure, failure]);
    client.close();
    await within(closed(client), "close");
  });

  test("no credential is in any trace", async (t) => {
    const recorded = record(t);
    const server = await rawServer(t);
    const secrets = ["letmein", "cookie-secret", "proxy-secret", "api-secret", "query-secret", "set-secret"];
    const url = server.url.replace("://", "://user:letmein@").concat("/?token=query-secret");
    const socket = new WebSocket(url, {
      headers: {
        Cookie: "id=cookie-secret",
        "Proxy-Authorization": "proxy-secret",
        "X-Api-Key": "api-secret",
      },
    });
    const accepted = server.accept({ "Set-Cookie": "id=set-secret" });
    const peer = await accepted;
    const { headers } = await peer.head;
    secrets.push(
      ...headers
        .filter(([name]) => /^authorization|^sec-websocket-key/i.test(name))
        .map(([, value]) => value),
    );
    await within(opened(socket), "open");
    const broken = new Promise((resolve) => socket.addEventListener("error", resolve));
    peer.send(text(Buffer.from([0xff])));
    await within(broken, "the error");
    peer.socket.end();
    await within(closed(socket), "close");
    assert.equal(secrets.length, 8);
    assert.deepEqual([...new Set(recorded.map(({ channel }) => channel))].sort(), [
      "close",
      "error",
      "frame",
      "handshake",
      "open",
    ]);
    const all = inspect(recorded, { depth: null, showHidden: true, getters: true, maxStringLength: null });
    for (const secret of secrets) assert.ok(!all.includes(secret), secret);
    // Encoded, as a URL or a header would have it.
    assert.ok(!all.includes(Buffer.from("user:letmein").toString("base64")));
  });
});
