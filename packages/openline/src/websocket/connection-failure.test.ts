import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:net";
import { describe, type TestContext, test } from "node:test";
import { WebSocket } from "../index.js";
import { text } from "../testing-support/frames.test.support.js";
import { rawServer, switchingProtocols } from "../testing-support/raw-server.test.support.js";
import { assertHandshakeFails, call, construct } from "../testing-support/sockets.test.support.js";

/** A port of 127.0.0.1 that nobody listens on. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  assert.ok(address !== null && typeof address !== "string");
  server.close();
  await once(server, "close");
  return address.port;
}

/** Answers the handshake with `answer` and expects the failure `code`; gives its message. */
async function answeredWith(t: TestContext, answer: string, code: string | RegExp): Promise<string> {
  const server = await rawServer(t);
  const socket = construct(server.url);
  const failing = assertHandshakeFails(socket, code);
  const { peer } = await server.nextRequest();
  peer.send(Buffer.from(answer, "latin1"));
  const { message } = await failing;
  await peer.ended;
  return message;
}

/** Answers with a handshake that is correct but for `changes`. */
async function acceptedWith(
  t: TestContext,
  changes: Readonly<Record<string, string | undefined>>,
  code: string | RegExp,
  ...args: readonly unknown[]
): Promise<string> {
  const server = await rawServer(t);
  const socket = construct(server.url, ...args);
  const failing = assertHandshakeFails(socket, code);
  const peer = await server.accept(changes, [text("never delivered")]);
  const { message } = await failing;
  await peer.ended;
  return message;
}

describe("no connection", () => {
  test("a port that refuses: ECONNREFUSED", async () => {
    const port = await freePort();
    const socket = new WebSocket(`ws://127.0.0.1:${port}/`);
    const error = await assertHandshakeFails(socket, "ECONNREFUSED");
    assert.ok(error.message.includes(String(port)), error.message);
    assert.equal(call(socket, "send", "x"), undefined);
    assert.equal(call(socket, "close"), undefined);
    assert.equal(socket.readyState, WebSocket.CLOSED);
  });

  test("a host name that does not exist: ENOTFOUND, or EAI_AGAIN on a machine without name service", async () => {
    const error = await assertHandshakeFails(
      new WebSocket("ws://openline.invalid/"),
      /^(ENOTFOUND|EAI_AGAIN)$/,
    );
    assert.match(error.message, /openline\.invalid/);
  });

  for (const port of [1, 7, 22, 25, 110, 143, 587, 2049, 5060, 6000, 6566, 6665, 6669, 6697, 10_080]) {
    test(`the blocked port ${port}: ERR_WS_BLOCKED_PORT, not an exception`, async () => {
      for (const scheme of ["ws", "wss"]) {
        const socket = new WebSocket(`${scheme}://127.0.0.1:${port}/`);
        assert.equal(socket.readyState, WebSocket.CONNECTING);
        const error = await assertHandshakeFails(socket, "ERR_WS_BLOCKED_PORT");
        assert.ok(error.message.includes(String(port)), error.message);
      }
    });
  }

  test("a connection cut before the answer", async (t) => {
    for (const cut of ["end", "destroy"] as const) {
      const server = await rawServer(t);
      const failing = assertHandshakeFails(construct(server.url), /^(ERR_WS_HANDSHAKE_CLOSED|ECONNRESET)$/);
      (await server.nextRequest()).peer.socket[cut]();
      await failing;
    }
  });

  test("a connection reset before the answer: ECONNRESET", async (t) => {
    const server = await rawServer(t);
    const failing = assertHandshakeFails(construct(server.url), "ECONNRESET");
    (await server.nextRequest()).peer.socket.resetAndDestroy();
    await failing;
  });

  test("a connection cut within the answer", async (t) => {
    const server = await rawServer(t);
    const failing = assertHandshakeFails(
      construct(server.url),
      /^(ERR_WS_HANDSHAKE_CLOSED|ECONNRESET|ERR_WS_HANDSHAKE_HTTP)$/,
    );
    const { peer, request } = await server.nextRequest();
    peer.send(switchingProtocols(request).subarray(0, 60));
    peer.socket.end();
    await failing;
  });

  test("an answer that is no HTTP: ERR_WS_HANDSHAKE_HTTP", async (t) => {
    await answeredWith(t, "220 mail.example.com ESMTP\r\n\r\n", "ERR_WS_HANDSHAKE_HTTP");
  });

  test("no answer within handshakeTimeout: ERR_WS_HANDSHAKE_TIMEOUT", async (t) => {
    const server = await rawServer(t);
    const socket = construct(server.url, { handshakeTimeout: 50 });
    const failing = assertHandshakeFails(socket, "ERR_WS_HANDSHAKE_TIMEOUT");
    const { peer } = await server.nextRequest();
    const { message } = await failing;
    assert.match(message, /50/);
    await peer.ended;
  });
});

describe("an answer that is not 101: ERR_WS_HANDSHAKE_STATUS", () => {
  for (const [status, reason, more] of [
    [200, "OK", "Content-Length: 5\r\n\r\nhello"],
    [204, "No Content", "\r\n"],
    [301, "Moved Permanently", "Location: ws://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n"],
    [302, "Found", "Location: /elsewhere\r\nContent-Length: 0\r\n\r\n"],
    [401, "Unauthorized", "WWW-Authenticate: Basic\r\nContent-Length: 0\r\n\r\n"],
    [404, "Not Found", "\r\nan endless body that the client must not wait for"],
    [
      426,
      "Upgrade Required",
      "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 8\r\n\r\n",
    ],
    [500, "Internal Server Error", "Transfer-Encoding: chunked\r\n\r\n5\r\n"],
  ] as const) {
    test(`${status} ${reason}`, async (t) => {
      const answer = `HTTP/1.1 ${status} ${reason}\r\n${more}`;
      const message = await answeredWith(t, answer, "ERR_WS_HANDSHAKE_STATUS");
      assert.ok(message.includes(String(status)), message);
    });
  }

  test("200 with every header of a handshake", async (t) => {
    const server = await rawServer(t);
    const failing = assertHandshakeFails(construct(server.url), "ERR_WS_HANDSHAKE_STATUS");
    const { peer, request } = await server.nextRequest();
    const answer = switchingProtocols(request)
      .toString("latin1")
      .replace("101 Switching Protocols", "200 OK");
    peer.send(Buffer.from(answer, "latin1"));
    await failing;
  });
});

describe("a broken 101", () => {
  const accept = "ERR_WS_HANDSHAKE_ACCEPT";
  const wrongAccepts: [string, string | undefined][] = [
    ["missing", undefined],
    ["empty", ""],
    ["of another key", "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="],
  ];
  for (const [what, value] of wrongAccepts) {
    test(`Sec-WebSocket-Accept ${what}: ${accept}`, (t) =>
      acceptedWith(t, { "Sec-WebSocket-Accept": value }, accept).then(() => {}));
  }

  test(`Sec-WebSocket-Accept in another case: ${accept}`, async (t) => {
    const server = await rawServer(t);
    const failing = assertHandshakeFails(construct(server.url), accept);
    const { peer, request } = await server.nextRequest();
    const right = switchingProtocols(request).toString("latin1");
    const wrong = right.replace(
      /(Accept: )(.*)/,
      (_all, name: string, value: string) => name + swapCase(value),
    );
    peer.send(Buffer.from(wrong, "latin1"));
    await failing;
  });

  for (const upgrade of ["", "h2c", "websockets", "web socket"]) {
    test(`Upgrade "${upgrade}": ERR_WS_HANDSHAKE_UPGRADE`, (t) =>
      acceptedWith(t, { Upgrade: upgrade }, "ERR_WS_HANDSHAKE_UPGRADE").then(() => {}));
  }
  test("Upgrade missing: ERR_WS_HANDSHAKE_UPGRADE", (t) =>
    acceptedWith(t, { Upgrade: undefined }, "ERR_WS_HANDSHAKE_UPGRADE").then(() => {}));

  for (const connection of ["", "keep-alive", "upgraded", "up grade"]) {
    test(`Connection "${connection}": ERR_WS_HANDSHAKE_CONNECTION`, (t) =>
      acceptedWith(t, { Connection: connection }, "ERR_WS_HANDSHAKE_CONNECTION").then(() => {}));
  }
  test("Connection missing: ERR_WS_HANDSHAKE_CONNECTION", (t) =>
    acceptedWith(t, { Connection: undefined }, "ERR_WS_HANDSHAKE_CONNECTION").then(() => {}));

  const protocols: [string, string | undefined, unknown][] = [
    ["that was not asked for", "chat", undefined],
    ["that was not asked for, empty", "", undefined],
    ["other than those asked for", "other", ["chat", "superchat"]],
    ["in another case", "Chat", ["chat"]],
    ["missing", undefined, ["chat"]],
    ["empty", "", ["chat"]],
    ["twice", "chat, superchat", ["chat", "superchat"]],
    ["as a list with an empty element", "chat,", ["chat"]],
  ];
  for (const [what, value, asked] of protocols) {
    test(`a subprotocol ${what}: ERR_WS_HANDSHAKE_PROTOCOL`, async (t) => {
      const changes = { "Sec-WebSocket-Protocol": value };
      await acceptedWith(t, changes, "ERR_WS_HANDSHAKE_PROTOCOL", asked);
    });
  }

  test("two Sec-WebSocket-Protocol headers: ERR_WS_HANDSHAKE_PROTOCOL", async (t) => {
    const server = await rawServer(t);
    const failing = assertHandshakeFails(construct(server.url, ["a", "b"]), "ERR_WS_HANDSHAKE_PROTOCOL");
    const { peer, request } = await server.nextRequest();
    peer.send(
      switchingProtocols(request, {}, [
        ["Sec-WebSocket-Protocol", "a"],
        ["Sec-WebSocket-Protocol", "b"],
      ]),
    );
    await failing;
  });

  const extensions = [
    "x-unknown",
    "permessage-deflate, permessage-deflate",
    "permessage-deflate; unknown",
    "permessage-deflate; server_no_context_takeover; server_no_context_takeover",
    "permessage-deflate; server_no_context_takeover=1",
    "permessage-deflate; client_no_context_takeover=true",
    "permessage-deflate; server_max_window_bits",
    "permessage-deflate; server_max_window_bits=7",
    "permessage-deflate; server_max_window_bits=16",
    "permessage-deflate; server_max_window_bits=08",
    "permessage-deflate; client_max_window_bits",
    "permessage-deflate; client_max_window_bits=99",
    "permessage-deflate;",
    "permessage-deflate; =",
    '"permessage-deflate"',
    "permessage-deflate x",
  ];
  for (const extension of extensions) {
    test(`the extensions ${extension}: ERR_WS_HANDSHAKE_EXTENSIONS`, async (t) => {
      await acceptedWith(t, { "Sec-WebSocket-Extensions": extension }, "ERR_WS_HANDSHAKE_EXTENSIONS");
    });
  }

  test("an extension that was switched off: ERR_WS_HANDSHAKE_EXTENSIONS", async (t) => {
    const changes = { "Sec-WebSocket-Extensions": "permessage-deflate" };
    await acceptedWith(t, changes, "ERR_WS_HANDSHAKE_EXTENSIONS", { perMessageDeflate: false });
  });
});

function swapCase(value: string): string {
  return [...value]
    .map((letter) => (letter === letter.toLowerCase() ? letter.toUpperCase() : letter.toLowerCase()))
    .join("");
}
