import assert from "node:assert/strict";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { test } from "node:test";
import { closed, messages, WebSocket } from "openline";
import { WebSocketServer } from "openline/server";
import { HarRecorder } from "./har.js";

test("an archive of a connection, as Chrome exports it", async (t) => {
  const server = new WebSocketServer({ port: 0, host: "127.0.0.1" });
  t.after(() => server.close());
  await once(server, "listening");
  server.on("connection", (socket) => {
    socket.binaryType = "arraybuffer";
    socket.addEventListener("message", ({ data }) => socket.send(data as string | ArrayBuffer));
  });
  const recorder = new HarRecorder().start();
  const { port } = server.address() as AddressInfo;
  const socket = new WebSocket(`ws://user:secret@127.0.0.1:${port}/feed?room=1`);
  socket.addEventListener("open", () => {
    socket.send("hello");
    socket.send(new Uint8Array([1, 2, 3]));
  });
  const loop = messages(socket);
  await loop.next();
  await loop.next();
  const ended = closed(socket);
  socket.close(1000);
  await ended;
  const har = recorder.stop();

  const text = JSON.stringify(har);
  assert.ok(!text.includes("secret"));
  const { log } = JSON.parse(text);
  assert.equal(log.version, "1.2");
  assert.equal(log.entries.length, 1, "the server's end of the connection is left out");
  const [entry] = log.entries;
  assert.equal(entry._resourceType, "websocket");
  assert.equal(entry.request.url, `ws://127.0.0.1:${port}/feed?room=1`);
  assert.deepEqual(entry.request.queryString, [{ name: "room", value: "1" }]);
  assert.equal(entry.response.status, 101);
  assert.ok(entry.response.headers.some(({ name }: { name: string }) => name === "Sec-WebSocket-Accept"));
  const close = Buffer.from([0x03, 0xe8]).toString("base64");
  assert.deepEqual(
    entry._webSocketMessages.map(({ type, opcode, data }: Record<string, unknown>) => ({
      type,
      opcode,
      data,
    })),
    [
      { type: "send", opcode: 1, data: "hello" },
      { type: "send", opcode: 2, data: "AQID" },
      { type: "receive", opcode: 1, data: "hello" },
      { type: "receive", opcode: 2, data: "AQID" },
      { type: "send", opcode: 8, data: close },
      { type: "receive", opcode: 8, data: close },
    ],
  );
  const times = entry._webSocketMessages.map(({ time }: { time: number }) => time);
  assert.deepEqual(
    times,
    [...times].sort((a, b) => a - b),
  );
});
