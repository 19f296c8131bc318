import assert from "node:assert/strict";
import { once } from "node:events";
import {
  type ClientHttp2Session,
  connect,
  constants,
  type IncomingHttpHeaders,
  type ServerHttp2Stream,
} from "node:http2";
import { connect as connectTcp } from "node:net";
import { describe, type TestContext, test } from "node:test";
import { WebSocket, type WebSocketOptions } from "../index.js";
import { WebSocketServer } from "../server/index.js";
import { text } from "../testing-support/frames.test.support.js";
import { until, within } from "../testing-support/guard.test.support.js";
import {
  http2Authority,
  http2EchoServer,
  http2RawServer,
  http2Server,
} from "../testing-support/http2.test.support.js";
import { fakeProxy, httpProxy } from "../testing-support/proxies.test.support.js";
import { rawServer } from "../testing-support/raw-server.test.support.js";
import {
  assertAbnormal,
  assertHandshakeFails,
  closed,
  construct,
  failure,
  nextData,
  opened,
} from "../testing-support/sockets.test.support.js";

const ca = http2Authority.cert;

async function openEcho(url: string, options: WebSocketOptions): Promise<WebSocket> {
  const socket = new WebSocket(url, options);
  socket.binaryType = "arraybuffer";
  await opened(socket);
  const data = nextData(socket);
  socket.send("there and back");
  assert.equal(await data, "there and back");
  return socket;
}

async function close(socket: WebSocket): Promise<void> {
  const done = closed(socket);
  socket.close(3000, "bye");
  const { code, reason, wasClean } = await done;
  assert.deepEqual([code, reason, wasClean], [3000, "bye", true]);
}

/** The client's end of a session to `port`. */
async function session(t: TestContext, url: string): Promise<ClientHttp2Session> {
  const opened = connect(url, { ca });
  opened.on("error", () => {});
  t.after(() => opened.destroy());
  await once(opened, "connect");
  return opened;
}

describe("http2: true", () => {
  test("sends extended CONNECT, without a key, and takes the answer", async (t) => {
    let request: IncomingHttpHeaders = {};
    const { url, port } = await http2RawServer(t, (stream, headers) => {
      request = headers;
      stream.respond({ ":status": 200, "sec-websocket-protocol": "b" });
      stream.write(text("with the answer"));
    });
    const socket = new WebSocket(`${url}/path?query`, {
      ca,
      http2: true,
      protocols: ["a", "b"],
      origin: "https://example.com",
      headers: [
        ["X-Two", "1"],
        ["x-two", "2"],
      ],
    });
    assert.equal(await nextData(socket), "with the answer");
    assert.equal(socket.protocol, "b");
    assert.equal(socket.url, `${url}/path?query`);
    const expected = {
      ":method": "CONNECT",
      ":protocol": "websocket",
      ":scheme": "https",
      ":path": "/path?query",
      ":authority": `localhost:${port}`,
      "sec-websocket-version": "13",
      "sec-websocket-protocol": "a, b",
      "sec-websocket-extensions": "permessage-deflate; client_max_window_bits",
      origin: "https://example.com",
      "x-two": "1, 2",
    };
    assert.deepEqual({ ...request, ...expected }, { ...request });
    for (const name of ["sec-websocket-key", "upgrade", "connection", "host"])
      assert.ok(!(name in request), name);
  });

  for (const plain of [false, true]) {
    test(`speaks with our server over ${plain ? "plain TCP" : "TLS"}: text, binary, compression, closing`, async (t) => {
      const { url } = await http2EchoServer(t, { plain });
      const socket = await openEcho(url, { ca, http2: true });
      assert.match(socket.extensions, /^permessage-deflate/);
      const bytes = new Uint8Array(300_000).map((_, index) => index * 7);
      const data = nextData(socket);
      socket.send(bytes);
      assert.deepEqual(new Uint8Array((await data) as ArrayBuffer), bytes);
      await close(socket);
    });
  }

  test("many objects share one connection, also when opened at once", async (t) => {
    const line = await http2EchoServer(t);
    const sockets = await Promise.all(
      Array.from({ length: 30 }, () => openEcho(line.url, { ca, http2: true })),
    );
    sockets.push(await openEcho(`${line.url}/later`, { ca, http2: true }));
    assert.equal(line.connections(), 1);
    assert.equal(line.server.clients.size, 31);
    await Promise.all(sockets.map(close));
  });

  test("but not with other TLS settings, another way, or another host", async (t) => {
    const line = await http2EchoServer(t);
    const proxy = await httpProxy(t);
    const checkServerIdentity = () => undefined;
    const options: WebSocketOptions[] = [
      { ca },
      { ca: [ca] },
      { ca, rejectUnauthorized: false },
      { ca, servername: "localhost" },
      { ca, checkServerIdentity },
      { ca, checkServerIdentity },
      { ca, proxy: `http://127.0.0.1:${proxy.port}` },
      { ca, createConnection: () => connectTcp(line.port, "127.0.0.1") },
    ];
    const sockets = [];
    for (const each of options) sockets.push(await openEcho(line.url, { ...each, http2: true }));
    sockets.push(await openEcho(`wss://127.0.0.1:${line.port}`, { ca, http2: true }));
    assert.equal(line.connections(), options.length);
    assert.equal(proxy.targets.length, 1);
    await Promise.all(sockets.map(close));
  });

  test("an unused session is closed", async (t) => {
    const line = await http2EchoServer(t);
    const first = await openEcho(line.url, { ca, http2: true });
    await close(first);
    // Used again before it was closed: still the same.
    await close(await openEcho(line.url, { ca, http2: true }));
    assert.equal(line.connections(), 1);
    await until(() => line.sessions.size === 0, "the session is closed");
    await close(await openEcho(line.url, { ca, http2: true }));
    assert.equal(line.connections(), 2);
  });

  test("where the server allows fewer streams, there are more connections", async (t) => {
    const line = await http2EchoServer(t, { settings: { maxConcurrentStreams: 2 } });
    const sockets = await Promise.all(
      Array.from({ length: 5 }, () => openEcho(line.url, { ca, http2: true })),
    );
    assert.equal(line.connections(), 3);
    await close(sockets.pop() as WebSocket);
    await Promise.all(sockets.map(close));
  });

  test("a reset of one stream closes that object alone", async (t) => {
    const streams: ServerHttp2Stream[] = [];
    const { url } = await http2RawServer(t, (stream) => {
      streams.push(stream);
      stream.respond({ ":status": 200 });
    });
    const first = construct(url, { ca, http2: true });
    await opened(first);
    const second = construct(url, { ca, http2: true });
    await opened(second);
    const done = closed(first);
    streams[0]?.close(constants.NGHTTP2_CANCEL);
    assertAbnormal(await done);
    assert.equal(second.readyState, WebSocket.OPEN);
    const data = nextData(second);
    streams[1]?.write(text("still there"));
    assert.equal(await data, "still there");
    const failing = closed(second);
    streams[1]?.close(constants.NGHTTP2_INTERNAL_ERROR);
    assertAbnormal(await failing);
  });

  test("a frame against the protocol fails that object alone, and resets no session", async (t) => {
    const streams: ServerHttp2Stream[] = [];
    const { url } = await http2RawServer(t, (stream) => {
      streams.push(stream);
      stream.respond({ ":status": 200 });
      stream.on("data", () => stream.end());
    });
    const bad = construct(url, { ca, http2: true });
    await opened(bad);
    const good = construct(url, { ca, http2: true });
    await opened(good);
    const failing = failure(bad);
    streams[0]?.write(Buffer.from([0xff, 0]));
    assert.equal((await failing).error.code, "ERR_WS_RESERVED_BITS");
    const data = nextData(good);
    streams[1]?.write(text("fine"));
    assert.equal(await data, "fine");
  });

  test("a stream that we cut is reset with CANCEL", async (t) => {
    const reset = new Promise((resolve) => {
      http2RawServer(t, (stream) => {
        stream.respond({ ":status": 200 });
        stream.once("close", () => resolve(stream.rstCode));
      }).then(async ({ url }) => {
        const socket = construct(url, { ca, http2: true, closeTimeout: 50 });
        await opened(socket);
        socket.close();
      });
    });
    assert.equal(await within(reset, "the reset"), constants.NGHTTP2_CANCEL);
  });

  test("the end of the session closes all its objects", async (t) => {
    const line = await http2EchoServer(t);
    const sockets = await Promise.all([1, 2, 3].map(() => openEcho(line.url, { ca, http2: true })));
    const ends = Promise.all(sockets.map((socket) => closed(socket)));
    for (const each of line.sessions) each.destroy();
    for (const end of await ends) assertAbnormal(end);
  });

  test("GOAWAY lets the open ones go on; new ones take a new session", async (t) => {
    const line = await http2EchoServer(t);
    const before = await openEcho(line.url, { ca, http2: true });
    const [first] = line.sessions;
    first?.goaway();
    const data = nextData(before);
    before.send("still there");
    assert.equal(await data, "still there");
    const after = await openEcho(line.url, { ca, http2: true });
    assert.equal(line.connections(), 2);
    await Promise.all([close(before), close(after)]);
  });

  test("GOAWAY with an error closes them", async (t) => {
    const line = await http2EchoServer(t);
    const socket = await openEcho(line.url, { ca, http2: true });
    const done = closed(socket);
    for (const each of line.sessions) each.goaway(constants.NGHTTP2_ENHANCE_YOUR_CALM);
    assertAbnormal(await done);
  });

  test("through a proxy, and over a Unix socket's like", async (t) => {
    const [line, proxy] = [await http2EchoServer(t), await httpProxy(t)];
    await close(await openEcho(line.url, { ca, http2: true, proxy: `http://127.0.0.1:${proxy.port}` }));
    assert.deepEqual(proxy.targets, [`localhost:${line.port}`]);
  });

  test("signal ends one object, not its session", async (t) => {
    const line = await http2EchoServer(t);
    const controller = new AbortController();
    const first = await openEcho(line.url, { ca, http2: true, signal: controller.signal });
    const second = await openEcho(line.url, { ca, http2: true });
    const failing = failure(first);
    controller.abort();
    assert.equal((await failing).error.code, "ERR_WS_ABORTED");
    await close(second);
    assert.equal(line.connections(), 1);
  });
});

describe("back-pressure over HTTP/2", () => {
  const part = new Uint8Array(64 * 1024);

  test("a server that doesn't read makes bufferedAmount grow, and no other object wait", async (t) => {
    const held: ServerHttp2Stream[] = [];
    const { url } = await http2RawServer(t, (stream, headers) => {
      stream.respond({ ":status": 200 });
      if (headers[":path"] === "/slow") held.push(stream);
      else stream.on("data", () => stream.write(text("ok")));
    });
    const slow = construct(`${url}/slow`, { ca, http2: true, perMessageDeflate: false });
    const quick = construct(`${url}/quick`, { ca, http2: true, perMessageDeflate: false });
    await Promise.all([opened(slow), opened(quick)]);
    for (let sent = 0; sent < 64; sent += 1) slow.send(part);
    const answer = nextData(quick);
    quick.send("are you there?");
    assert.equal(await answer, "ok");
    // The server's window is 64 KiB: most of the 4 MiB has to wait.
    assert.ok(slow.bufferedAmount > 3 << 20, String(slow.bufferedAmount));
    held[0]?.resume();
    await until(() => slow.bufferedAmount === 0, "all has been sent");
  });

  test("what a slow reader doesn't take stays with the sender", async (t) => {
    const total = 64 << 20;
    let written = 0;
    let taken = 0;
    const { url } = await http2RawServer(t, (stream) => {
      stream.respond({ ":status": 200 });
      const header = Buffer.alloc(10);
      header.set([0x82, 127]);
      header.writeBigUInt64BE(BigInt(part.length), 2);
      const frame = Buffer.concat([header, part]);
      const more = (): void => {
        while (written < total) {
          written += part.length;
          if (
            !stream.write(frame, () => {
              taken += part.length;
            })
          ) {
            stream.once("drain", more);
            return;
          }
        }
      };
      more();
    });
    const socket = construct(url, { ca, http2: true });
    socket.binaryType = "arraybuffer";
    let received = 0;
    let most = 0;
    const all = new Promise<void>((resolve) => {
      socket.onmessage = ({ data }) => {
        received += (data as ArrayBuffer).byteLength;
        most = Math.max(most, taken - received);
        // A handler that takes its time.
        const end = performance.now() + 0.2;
        while (performance.now() < end);
        if (received === total) resolve();
      };
    });
    await within(all, "the whole stream", 60_000);
    assert.ok(most < 16 << 20, `${most} bytes were under way`);
  });
});

describe("http2: true where it can't be", () => {
  test("a server that speaks HTTP/1.1 only: ERR_SSL_TLSV1_ALERT_NO_APPLICATION_PROTOCOL or ERR_WS_HTTP2_ALPN", async (t) => {
    const certificate = http2Authority.issue();
    const strict = await rawServer(t, { tls: { ...certificate, ALPNProtocols: ["http/1.1"] } });
    await assertHandshakeFails(
      construct(strict.url, { ca, http2: true }),
      /^ERR_SSL_(TLSV1|SSL\/TLS|\w+)_ALERT_NO_APPLICATION_PROTOCOL$/,
    );
    const unaware = await rawServer(t, { tls: certificate });
    await assertHandshakeFails(construct(unaware.url, { ca, http2: true }), "ERR_WS_HTTP2_ALPN");
  });

  test("a plain server that speaks HTTP/1.1 only", async (t) => {
    const server = await rawServer(t);
    const failing = assertHandshakeFails(construct(server.url, { http2: true }), /./);
    const peer = await server.nextConnection();
    peer.socket.end("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n");
    await failing;
  });

  test("no SETTINGS_ENABLE_CONNECT_PROTOCOL: ERR_WS_HTTP2_EXTENDED_CONNECT", async (t) => {
    const { url } = await http2Server(t);
    const error = await assertHandshakeFails(
      construct(url, { ca, http2: true }),
      "ERR_WS_HTTP2_EXTENDED_CONNECT",
    );
    assert.match(error.message, /SETTINGS_ENABLE_CONNECT_PROTOCOL/);
  });

  for (const [status, code] of [
    [403, "ERR_WS_HANDSHAKE_STATUS"],
    [301, "ERR_WS_HANDSHAKE_STATUS"],
  ] as const) {
    test(`status ${status}: ${code}`, async (t) => {
      const { url, connections } = await http2RawServer(t, (stream) => {
        stream.respond({ ":status": status, location: "/elsewhere" });
        stream.end();
      });
      const error = await assertHandshakeFails(construct(url, { ca, http2: true }), code);
      assert.match(error.message, new RegExp(`status ${status}, not 200`));
      assert.equal(connections(), 1);
    });
  }

  test("a wrong subprotocol or extension in the answer", async (t) => {
    const { url } = await http2RawServer(t, (stream, headers) => {
      const header = headers[":path"] === "/p" ? "sec-websocket-protocol" : "sec-websocket-extensions";
      stream.respond({ ":status": 200, [header]: "unknown" });
    });
    await assertHandshakeFails(construct(`${url}/p`, { ca, http2: true }), "ERR_WS_HANDSHAKE_PROTOCOL");
    await assertHandshakeFails(construct(`${url}/e`, { ca, http2: true }), "ERR_WS_HANDSHAKE_EXTENSIONS");
  });

  test("a stream that is refused or reset instead of answered", async (t) => {
    const { url } = await http2RawServer(t, (stream, headers) => {
      stream.close(Number(headers[":path"]?.slice(1)));
    });
    for (const code of [constants.NGHTTP2_CANCEL, constants.NGHTTP2_REFUSED_STREAM]) {
      await assertHandshakeFails(
        construct(`${url}/${code}`, { ca, http2: true }),
        /^ERR_(WS_HANDSHAKE_CLOSED|HTTP2_STREAM_ERROR)$/,
      );
    }
  });

  test("hanging before and after the session: ERR_WS_HANDSHAKE_TIMEOUT", async (t) => {
    const options = { ca, http2: true, handshakeTimeout: 100 };
    const { port } = await fakeProxy(t, (socket) => socket.resume());
    await assertHandshakeFails(construct(`wss://127.0.0.1:${port}`, options), "ERR_WS_HANDSHAKE_TIMEOUT");
    await assertHandshakeFails(construct(`ws://127.0.0.1:${port}`, options), "ERR_WS_HANDSHAKE_TIMEOUT");
    const { url } = await http2RawServer(t, () => {});
    await assertHandshakeFails(construct(url, options), "ERR_WS_HANDSHAKE_TIMEOUT");
  });

  test("one that gives up doesn't end the session that others wait for", async (t) => {
    const line = await http2EchoServer(t);
    const controller = new AbortController();
    const first = construct(line.url, { ca, http2: true, signal: controller.signal });
    const second = openEcho(line.url, { ca, http2: true });
    const failing = failure(first);
    controller.abort();
    assert.equal((await failing).error.code, "ERR_WS_ABORTED");
    await close(await second);
    assert.equal(line.connections(), 1);
  });

  test("headers that HTTP/2 forbids", async (t) => {
    const { url } = await http2EchoServer(t);
    const socket = construct(url, { ca, http2: true, headers: { "Keep-Alive": "s3cr3t" } });
    const error = await assertHandshakeFails(socket, "ERR_HTTP2_INVALID_CONNECTION_HEADERS");
    assert.ok(!error.message.includes("s3cr3t"));
  });

  test("refused and unknown certificates keep their codes", async (t) => {
    const { url, port } = await http2EchoServer(t);
    await assertHandshakeFails(construct(url, { http2: true }), "UNABLE_TO_VERIFY_LEAF_SIGNATURE");
    const free = await rawServer(t);
    free.close();
    assert.notEqual(port, free.port);
    await assertHandshakeFails(construct(free.url, { http2: true }), "ECONNREFUSED");
  });
});

describe("http2: a session", () => {
  test("carries objects, and stays with the program", async (t) => {
    const line = await http2EchoServer(t);
    const given = await session(t, `https://localhost:${line.port}`);
    const sockets = await Promise.all([1, 2].map(() => openEcho(line.url, { http2: given })));
    assert.equal(line.connections(), 1);
    await Promise.all(sockets.map(close));
    assert.equal(given.closed, false);
    await close(await openEcho(line.url, { http2: given }));
  });

  test("that is still connecting", async (t) => {
    const line = await http2EchoServer(t);
    const given = connect(`https://localhost:${line.port}`, { ca });
    t.after(() => given.destroy());
    await close(await openEcho(line.url, { http2: given }));
  });

  test("that is closed, or closes: ERR_WS_HTTP2_SESSION", async (t) => {
    const line = await http2EchoServer(t);
    const given = await session(t, `https://localhost:${line.port}`);
    given.close();
    await assertHandshakeFails(construct(line.url, { http2: given }), "ERR_WS_HTTP2_SESSION");
    const dead = await fakeProxy(t, (socket) => socket.end());
    const unborn = connect(`http://127.0.0.1:${dead.port}`);
    unborn.on("error", () => {});
    await assertHandshakeFails(
      construct(`ws://127.0.0.1:${dead.port}`, { http2: unborn }),
      "ERR_WS_HTTP2_SESSION",
    );
  });

  test("whose server doesn't know extended CONNECT: ERR_WS_HTTP2_EXTENDED_CONNECT", async (t) => {
    const line = await http2Server(t);
    const given = await session(t, `https://localhost:${line.port}`);
    await assertHandshakeFails(construct(line.url, { http2: given }), "ERR_WS_HTTP2_EXTENDED_CONNECT");
    assert.equal(given.closed, false);
  });

  test("without TLS is none for wss:", async (t) => {
    const line = await http2EchoServer(t, { plain: true });
    const given = await session(t, `http://localhost:${line.port}`);
    await assertHandshakeFails(
      construct(`wss://localhost:${line.port}`, { http2: given }),
      "ERR_WS_HTTP2_SESSION",
    );
    await close(await openEcho(line.url, { http2: given }));
  });
});

describe('http2: "auto"', () => {
  const auto = { ca, http2: "auto" } as const;

  test("takes HTTP/2 where the server has it", async (t) => {
    const line = await http2EchoServer(t, { allowHTTP1: true });
    const versions: string[] = [];
    line.server.on("connection", (_socket, request) => versions.push(request.httpVersion));
    const sockets = await Promise.all([1, 2, 3].map(() => openEcho(line.url, auto)));
    assert.deepEqual(versions, ["2.0", "2.0", "2.0"]);
    assert.equal(line.connections(), 1);
    await Promise.all(sockets.map(close));
  });

  test("falls back to HTTP/1.1 where TLS says so, on the same connection", async (t) => {
    const server = await rawServer(t, { tls: { ...http2Authority.issue(), ALPNProtocols: ["http/1.1"] } });
    const sockets = [construct(server.url, auto), construct(server.url, auto)];
    const opens = sockets.map((socket) => opened(socket));
    const peers = [await server.accept(), await server.accept()];
    await Promise.all(opens);
    assert.equal(server.connections, 2);
    const ends = sockets.map((socket) => closed(socket));
    for (const peer of peers) peer.socket.destroy();
    await Promise.all(ends);
  });

  test("falls back to HTTP/1.1 where HTTP/2 has no WebSockets", async (t) => {
    const line = await http2Server(t, { allowHTTP1: true });
    const server = new WebSocketServer({ noServer: true });
    const versions: string[] = [];
    line.http.on("upgrade", (request, socket, head) => {
      versions.push(request.httpVersion);
      server.handleUpgrade(request, socket, head);
    });
    const socket = construct(line.url, auto);
    await opened(socket);
    assert.deepEqual(versions, ["1.1"]);
    await close(socket);
    await server.close();
  });

  test("is HTTP/1.1 for ws:", async (t) => {
    const server = await rawServer(t);
    const socket = construct(server.url, auto);
    const open = opened(socket);
    const peer = await server.accept();
    await open;
    const done = closed(socket);
    peer.socket.destroy();
    await done;
  });

  test("close() while it waits for HTTP/1.1 lets go of the connection", async (t) => {
    const server = await rawServer(t, { tls: { ...http2Authority.issue(), ALPNProtocols: ["http/1.1"] } });
    const first = construct(server.url, { ca });
    const { peer } = await server.nextRequest();
    const second = construct(server.url, auto);
    const other = await server.nextConnection();
    second.close();
    await assertHandshakeFails(second, "ERR_WS_HANDSHAKE_ABORTED");
    await other.ended;
    const done = closed(first);
    peer.socket.destroy();
    await done;
  });
});
