import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { mock, type TestContext, test } from "node:test";
import { closed, opened, WebSocket } from "../index.js";
import { within } from "../testing-support/guard.test.support.js";
import { WebSocketServer } from "./index.js";

async function listening(t: TestContext): Promise<{ server: WebSocketServer; port: number }> {
  const server = new WebSocketServer({ port: 0, host: "127.0.0.1" });
  t.after(() => server.close());
  await once(server, "listening");
  return { server, port: (server.address() as AddressInfo).port };
}

const request = (...headers: string[]) =>
  ["GET / HTTP/1.1", "Host: localhost", "Sec-WebSocket-Version: 13", ...headers, "", ""].join("\r\n");

const key = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==";

test("a request without Connection: Upgrade gets 400 and the reason, though Node calls it no upgrade", async (t) => {
  const { port } = await listening(t);
  const socket = connect(port, "127.0.0.1").setEncoding("latin1");
  t.after(() => socket.destroy());
  socket.write(request("Upgrade: websocket", "Connection: keep-alive", key));
  let answer = "";
  for await (const text of socket) answer += text;
  assert.match(answer, /^HTTP\/1\.1 400 /);
  assert.match(answer, /Connection header is "keep-alive"/);
});

test("a client that has ended before it is accepted is no connection", async (t) => {
  const http = createServer();
  const server = new WebSocketServer({ noServer: true });
  t.after(() => http.close());
  http.listen(0, "127.0.0.1");
  await once(http, "listening");
  const client = connect((http.address() as AddressInfo).port, "127.0.0.1");
  t.after(() => client.destroy());
  client.end(request("Upgrade: websocket", "Connection: Upgrade", key));
  const [asked, socket, head] = await within(once(http, "upgrade"), "the request");
  socket.resume();
  await within(once(socket, "end"), "the client's end");
  server.handleUpgrade(asked, socket, head);
  assert.equal(server.clients.size, 0);
  await within(server.close(), "the server's end");
});

test("close() resolves although a listener keeps the close event from those behind it", async (t) => {
  const { server, port } = await listening(t);
  server.on("connection", (socket) => {
    socket.addEventListener("close", (event) => event.stopImmediatePropagation());
  });
  const client = new WebSocket(`ws://127.0.0.1:${port}/`);
  await within(opened(client), "open");
  await within(server.close(), "the server's end");
  assert.equal((await within(closed(client), "close")).code, 1001);
});

test("fake timers in a program's tests do not hold events back", async (t) => {
  const { port } = await listening(t);
  mock.timers.enable({ apis: ["setImmediate"] });
  t.after(() => mock.timers.reset());
  const client = new WebSocket(`ws://127.0.0.1:${port}/`);
  await within(opened(client), "open");
  client.close(1000);
  assert.equal((await within(closed(client), "close")).wasClean, true);
});
