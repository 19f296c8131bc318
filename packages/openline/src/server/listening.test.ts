import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, get, type IncomingMessage } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { describe, test } from "node:test";
import { WebSocket } from "../index.js";
import { selfSignedCertificate } from "../testing-support/certificate.test.support.js";
import { text } from "../testing-support/frames.test.support.js";
import { within } from "../testing-support/guard.test.support.js";
import { maskKey, rawClient } from "../testing-support/raw-client.test.support.js";
import { listening, nextClient, portOf } from "../testing-support/servers.test.support.js";
import {
  assertHandshakeFails,
  closed,
  construct,
  nextData,
  opened,
} from "../testing-support/sockets.test.support.js";
import { WebSocketServer } from "./index.js";

describe("new WebSocketServer({ port })", () => {
  test("listens, tells its address, and connects", async (t) => {
    const server = new WebSocketServer({ port: 0, host: "127.0.0.1" });
    t.after(() => server.close());
    await once(server, "listening");
    const address = server.address();
    assert.ok(address !== null && typeof address === "object");
    assert.equal(address.address, "127.0.0.1");
    assert.ok(address.port > 0);
    const connecting = nextClient(server);
    const client = new WebSocket(`ws://127.0.0.1:${address.port}/path?query`);
    const { socket, request } = await connecting;
    assert.equal(socket.readyState, WebSocket.OPEN);
    assert.equal(request.url, "/path?query");
    assert.equal(request.headers.upgrade, "websocket");
    assert.equal(socket.url, client.url);
    await opened(client);
  });

  test("a port that is taken is an error event with EADDRINUSE", async (t) => {
    const { port } = await listening(t);
    const second = new WebSocketServer({ port, host: "127.0.0.1" });
    const [error]: unknown[] = await within(once(second, "error"), "the error event");
    assert.ok(error instanceof Error);
    assert.equal(Reflect.get(error, "code"), "EADDRINUSE");
    assert.equal(second.address(), null);
    await within(second.close(), "close() of a server that never listened");
  });

  test("tells a plain HTTP request to upgrade: 426", async (t) => {
    const { port } = await listening(t);
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      get({ port, host: "127.0.0.1", agent: false }, resolve).once("error", reject);
    });
    response.resume();
    assert.equal(response.statusCode, 426);
    assert.equal(response.headers.upgrade, "websocket");
  });
});

describe("new WebSocketServer({ server })", () => {
  test("takes the upgrades of an HTTP server and leaves its requests alone", async (t) => {
    const http = createServer((_request, response) => response.end("plain"));
    t.after(() => http.close());
    const server = new WebSocketServer({ server: http });
    assert.equal(server.address(), null);
    http.listen(0, "127.0.0.1");
    await once(http, "listening");
    const port = portOf(server);
    const connecting = nextClient(server);
    const client = new WebSocket(`ws://127.0.0.1:${port}/`);
    const { socket } = await connecting;
    await opened(client);
    socket.send("over http");
    assert.equal(await nextData(client), "over http");

    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      get({ port, host: "127.0.0.1", agent: false }, resolve).once("error", reject);
    });
    assert.equal(response.statusCode, 200);
    response.resume();

    const done = closed(client);
    await within(server.close(), "close()");
    assert.equal((await done).code, 1001);
    assert.equal(http.listening, true);
    assert.equal(http.listenerCount("upgrade"), 0);
  });

  test("takes the upgrades of an HTTPS server", async (t) => {
    const certificate = selfSignedCertificate();
    const https = createTlsServer(certificate);
    t.after(() => https.close());
    const server = new WebSocketServer({ server: https });
    t.after(() => server.close());
    https.listen(0, "127.0.0.1");
    await once(https, "listening");
    const connecting = nextClient(server);
    const client = construct(`wss://127.0.0.1:${portOf(server)}/`, { ca: certificate.cert });
    const { socket } = await connecting;
    await opened(client);
    assert.equal(socket.url, client.url);
    client.send("secret");
    assert.equal(await nextData(socket), "secret");
  });
});

describe("new WebSocketServer({ noServer: true })", () => {
  test("takes what handleUpgrade is given, with the bytes that came along", async (t) => {
    const server = new WebSocketServer({ noServer: true, closeTimeout: 100 });
    assert.equal(server.address(), null);
    const http = createServer();
    t.after(() => http.close());
    http.on("upgrade", (request, socket, head) => {
      if (request.url === "/ws") server.handleUpgrade(request, socket, head);
      else socket.end("HTTP/1.1 404 Not Found\r\nConnection: close\r\n\r\n");
    });
    http.listen(0, "127.0.0.1");
    await once(http, "listening");
    const port = portOf(http);

    const failing = new WebSocket(`ws://127.0.0.1:${port}/other`);
    await assertHandshakeFails(failing, "ERR_WS_HANDSHAKE_STATUS");

    const data = new Promise<unknown>((resolve) => {
      server.on("connection", (socket) => resolve(nextData(socket)));
    });
    const { answer } = await rawClient(t, port, { target: "/ws" }, [text("early", { maskKey })]);
    assert.match(answer.startLine, /^HTTP\/1\.1 101 /);
    assert.equal(await within(data, "the message that came along"), "early");
    await within(server.close(), "close()");
  });
});

describe("options", () => {
  const wrong: [Record<string, unknown>, string, string][] = [
    [{}, "port", "server"],
    [{ port: 0, noServer: true }, "port", "noServer"],
    [{ port: 0, server: createServer() }, "port", "server"],
    [{ port: -1 }, "port", "-1"],
    [{ port: 65_536 }, "port", "65536"],
    [{ port: "80" }, "port", "80"],
    [{ port: 0, host: 5 }, "host", "5"],
    [{ noServer: true, path: "chat" }, "path", "chat"],
    [{ noServer: true, path: 5 }, "path", "5"],
    [{ noServer: true, handleProtocols: "chat" }, "handleProtocols", "chat"],
    [{ noServer: true, maxPayload: -5 }, "maxPayload", "-5"],
    [{ noServer: true, perMessageDeflate: 7 }, "perMessageDeflate", "7"],
    [{ noServer: true, perMessageDeflate: { serverMaxWindowBits: 16 } }, "serverMaxWindowBits", "16"],
    [{ noServer: true, allowedOrigins: 5 }, "allowedOrigins", "5"],
    [{ noServer: true, allowedOrigins: ["example.com"] }, "allowedOrigins", "example.com"],
    [{ server: 5 }, "server", "5"],
  ];
  for (const [options, name, value] of wrong) {
    test(`${name} with ${value} is refused by name`, () => {
      assert.throws(
        () => Reflect.construct(WebSocketServer, [options]),
        (error) => {
          assert.ok(error instanceof TypeError || error instanceof RangeError, String(error));
          assert.ok(error.message.includes(name), `${error.message} names ${name}`);
          assert.ok(error.message.includes(value), `${error.message} shows ${value}`);
          return true;
        },
      );
    });
  }

  test("path: only that path is served, whatever its query", async (t) => {
    const { url, server } = await listening(t, { path: "/chat" });
    for (const path of ["/", "/chat/", "/other", "/chatter"]) {
      await assertHandshakeFails(new WebSocket(url + path), "ERR_WS_HANDSHAKE_STATUS");
    }
    for (const path of ["/chat", "/chat?room=1"]) {
      const connecting = nextClient(server);
      const client = new WebSocket(url + path);
      await opened(client);
      assert.equal((await connecting).request.url, path);
    }
    assert.equal(server.clients.size, 2);
  });

  test("allowedOrigins: another origin gets 403, a client without one passes", async (t) => {
    const { port, server } = await listening(t, { allowedOrigins: ["https://example.com"] });
    for (const origin of [
      "https://evil.example",
      "http://example.com",
      "https://example.com.evil.example",
      "null",
    ]) {
      const { answer, peer } = await rawClient(t, port, { headers: { Origin: origin } });
      assert.match(answer.startLine, /^HTTP\/1\.1 403 /, origin);
      await peer.ended;
      assert.ok(peer.body.includes(origin), peer.body);
    }
    assert.equal(server.clients.size, 0);
    for (const origin of ["https://example.com", undefined]) {
      const { answer } = await rawClient(t, port, { headers: { Origin: origin } });
      assert.match(answer.startLine, /^HTTP\/1\.1 101 /, String(origin));
    }
  });
});
