import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { text } from "../testing-support/frames.test.support.js";
import { rawServer, switchingProtocols } from "../testing-support/raw-server.test.support.js";
import {
  assertHandshakeFails,
  closed,
  construct,
  nextData,
  opened,
} from "../testing-support/sockets.test.support.js";

describe("the request of the opening handshake", () => {
  test("has the headers of [6455] 4.1, each once, and no body", async (t) => {
    const server = await rawServer(t);
    const socket = construct(`${server.url}/a%20b/c?d=e&f`, ["chat", "superchat"]);
    const { peer, request } = await server.nextRequest();
    assert.equal(request.startLine, "GET /a%20b/c?d=e&f HTTP/1.1");
    assert.equal(request.get("Host"), `127.0.0.1:${server.port}`);
    assert.equal(request.get("Upgrade"), "websocket");
    assert.equal(request.get("Connection"), "Upgrade");
    assert.equal(request.get("Sec-WebSocket-Version"), "13");
    assert.equal(request.get("Sec-WebSocket-Protocol"), "chat, superchat");
    assert.equal(request.get("Sec-WebSocket-Extensions"), "permessage-deflate; client_max_window_bits");
    const key = request.get("Sec-WebSocket-Key") ?? "";
    assert.match(key, /^[A-Za-z0-9+/]{22}==$/);
    assert.equal(Buffer.from(key, "base64").length, 16);
    for (const name of ["Content-Length", "Transfer-Encoding", "Authorization"]) {
      assert.deepEqual(request.all(name), []);
    }
    const open = opened(socket);
    peer.send(switchingProtocols(request, { "Sec-WebSocket-Protocol": "superchat" }));
    await open;
    assert.equal(socket.protocol, "superchat");
    assert.equal(socket.extensions, "");
  });

  test("has a key of its own each time", async (t) => {
    const server = await rawServer(t);
    const keys = new Set<string | undefined>();
    for (let round = 0; round < 5; round += 1) {
      const socket = construct(server.url);
      const { peer, request } = await server.nextRequest();
      keys.add(request.get("Sec-WebSocket-Key"));
      peer.socket.destroy();
      await closed(socket);
    }
    assert.equal(keys.size, 5);
  });

  for (const [userinfo, expected] of [
    ["user:secret", "user:secret"],
    ["user", "user:"],
    [":secret", ":secret"],
    ["us%C3%A9r:p%3Aw%40rd", "usér:p:w@rd"],
  ] as const) {
    test(`turns the userinfo ${userinfo} into Authorization: Basic`, async (t) => {
      const server = await rawServer(t);
      const socket = construct(server.url.replace("//", `//${userinfo}@`));
      const { request, peer } = await server.nextRequest();
      assert.equal(request.get("Authorization"), `Basic ${Buffer.from(expected).toString("base64")}`);
      assert.equal(request.get("Host"), `127.0.0.1:${server.port}`);
      assert.equal(request.startLine, "GET / HTTP/1.1");
      peer.socket.destroy();
      await closed(socket);
    });
  }
});

describe("the answer of the opening handshake", () => {
  const right: [string, Record<string, string | undefined>][] = [
    ["tokens in any case", { Upgrade: "WebSocket", Connection: "UPGRADE" }],
    ["a list of connection options", { Connection: "keep-alive, Upgrade" }],
    ["an empty list of extensions left out", { "Sec-WebSocket-Extensions": undefined }],
    ["headers that mean nothing", { Server: "raw", "X-Upgrade": "no", Date: "today" }],
    ["white space around values", { "Sec-WebSocket-Version": " 13\t", Upgrade: "  websocket  " }],
  ];
  for (const [what, changes] of right) {
    test(`may have ${what}`, async (t) => {
      const server = await rawServer(t);
      const socket = construct(server.url);
      const open = opened(socket);
      const peer = await server.accept(changes);
      await open;
      peer.send(text("works"));
      assert.equal(await nextData(socket), "works");
    });
  }

  test("may have header names in any case", async (t) => {
    const server = await rawServer(t);
    const socket = construct(server.url);
    const open = opened(socket);
    const { peer, request } = await server.nextRequest();
    const [start = "", ...lines] = switchingProtocols(request).toString("latin1").split("\r\n");
    const shouted = lines.map((line) => line.replace(/^[^:]+/, (name) => name.toUpperCase()));
    peer.send(Buffer.from([start, ...shouted].join("\r\n"), "latin1"));
    await open;
  });

  test("may come in single bytes", async (t) => {
    const server = await rawServer(t);
    const socket = construct(server.url);
    const open = opened(socket);
    const { peer, request } = await server.nextRequest();
    peer.socket.setNoDelay(true);
    const data = nextData(socket);
    for (const byte of Buffer.concat([switchingProtocols(request), text("then text")])) {
      peer.send(Uint8Array.of(byte));
      await new Promise((resolve) => setImmediate(resolve));
    }
    await open;
    assert.equal(await data, "then text");
  });

  test("sets protocol and extensions with open, not before", async (t) => {
    const server = await rawServer(t);
    const socket = construct(server.url, "chat");
    const seen: string[] = [];
    socket.onopen = () => seen.push(socket.protocol, socket.extensions);
    const open = opened(socket);
    const { peer, request } = await server.nextRequest();
    assert.deepEqual([socket.protocol, socket.extensions], ["", ""]);
    const extensions = "permessage-deflate; server_no_context_takeover";
    peer.send(
      switchingProtocols(request, {
        "Sec-WebSocket-Protocol": "chat",
        "Sec-WebSocket-Extensions": extensions,
      }),
    );
    await open;
    assert.deepEqual(seen, ["chat", extensions]);
    const done = closed(socket);
    peer.socket.destroy();
    await done;
    assert.deepEqual([socket.protocol, socket.extensions], ["chat", extensions]);
  });
});

describe("one handshake at a time for each host and port", () => {
  /** Connects to another server: whatever else was to be connected meanwhile has been. */
  async function connectElsewhere(t: Parameters<typeof rawServer>[0]): Promise<void> {
    for (let round = 0; round < 3; round += 1) {
      const server = await rawServer(t);
      const open = opened(construct(server.url));
      await server.accept();
      await open;
    }
  }

  test("the next begins when the one before it is through", async (t) => {
    const server = await rawServer(t);
    const sockets = ["/1", "/2", "/3"].map((path) => construct(server.url + path));
    for (const [index, socket] of sockets.entries()) {
      const { peer, request } = await server.nextRequest();
      assert.equal(request.startLine, `GET /${index + 1} HTTP/1.1`);
      await connectElsewhere(t);
      assert.equal(server.connections, index + 1);
      const open = opened(socket);
      peer.send(switchingProtocols(request));
      await open;
    }
  });

  test("or has failed", async (t) => {
    const server = await rawServer(t);
    const [first, second, third] = ["/1", "/2", "/3"].map((path) => construct(server.url + path));
    assert.ok(first && second && third);
    const failing = [
      assertHandshakeFails(first, "ERR_WS_HANDSHAKE_STATUS"),
      assertHandshakeFails(second, /^(ERR_WS_HANDSHAKE_CLOSED|ECONNRESET)$/),
    ];
    (await server.nextRequest()).peer.send(Buffer.from("HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n"));
    (await server.nextRequest()).peer.socket.destroy();
    const open = opened(third);
    const peer = await server.accept();
    await Promise.all([...failing, open]);
    assert.equal((await peer.head).startLine, "GET /3 HTTP/1.1");
  });

  test("or was closed; one that waits and is closed never connects", async (t) => {
    const server = await rawServer(t);
    const [first, second, third] = ["/1", "/2", "/3"].map((path) => construct(server.url + path));
    assert.ok(first && second && third);
    const { peer } = await server.nextRequest();
    const failing = [first, second].map((socket) => assertHandshakeFails(socket, "ERR_WS_HANDSHAKE_ABORTED"));
    second.close();
    assert.equal(second.readyState, 2);
    await failing[1];
    first.close();
    await failing[0];
    await peer.ended;
    const open = opened(third);
    const next = await server.accept();
    await open;
    assert.equal((await next.head).startLine, "GET /3 HTTP/1.1");
    assert.equal(server.connections, 2);
  });
});
