import assert from "node:assert/strict";
import { once } from "node:events";
import {
  type ClientHttp2Session,
  connect,
  type Http2Server,
  type IncomingHttpHeaders,
  type IncomingHttpStatusHeader,
  type OutgoingHttpHeaders,
} from "node:http2";
import { describe, type TestContext, test } from "node:test";
import { WebSocket } from "../index.js";
import { within } from "../testing-support/guard.test.support.js";
import { http2Authority, http2EchoServer, http2Server } from "../testing-support/http2.test.support.js";
import { closed, construct, nextData, opened } from "../testing-support/sockets.test.support.js";
import { WebSocketServer, type WebSocketServerOptions } from "./index.js";

const ca = http2Authority.cert;

const good = {
  ":method": "CONNECT",
  ":protocol": "websocket",
  ":scheme": "http",
  ":path": "/chat?a=b",
  ":authority": "chat.example",
  "sec-websocket-version": "13",
};

interface Answer {
  readonly headers: IncomingHttpHeaders & IncomingHttpStatusHeader;
  readonly body: string;
}

/** A session whose server's settings are known. */
async function sessionWith(t: TestContext, port: number): Promise<ClientHttp2Session> {
  const session = connect(`http://127.0.0.1:${port}`);
  t.after(() => session.destroy());
  await once(session, "remoteSettings");
  return session;
}

/** The answer to a request that becomes no WebSocket: the stream ends by itself, ours still open. */
async function answerTo(session: ClientHttp2Session, headers: OutgoingHttpHeaders): Promise<Answer> {
  const stream = session.request(headers, { endStream: false });
  const [answer] = await within(once(stream, "response"), "an answer");
  let body = "";
  stream.setEncoding("utf8").on("data", (chunk: string) => {
    body += chunk;
  });
  await within(once(stream, "close"), "the end of the stream");
  return { headers: answer, body };
}

async function chatServer(
  t: TestContext,
  options: WebSocketServerOptions = {},
): Promise<{ http: Http2Server; port: number; server: WebSocketServer }> {
  const { http, port } = await http2Server(t, { plain: true });
  const server = new WebSocketServer({ server: http, ...options });
  t.after(() => server.close());
  return { http: http as Http2Server, port, server };
}

describe("extended CONNECT", () => {
  test("becomes a connection, whose request tells all", async (t) => {
    const { port, server } = await chatServer(t, { path: "/chat", allowedOrigins: ["https://a.example"] });
    const session = await sessionWith(t, port);
    assert.equal(session.remoteSettings.enableConnectProtocol, true);
    const connection = once(server, "connection");
    const stream = session.request(
      { ...good, origin: "https://a.example", cookie: "id=1" },
      { endStream: false },
    );
    const [answer] = await once(stream, "response");
    assert.equal(answer[":status"], 200);
    for (const name of ["sec-websocket-accept", "upgrade", "connection", "sec-websocket-protocol"]) {
      assert.ok(!(name in answer), name);
    }
    const [socket, request] = await connection;
    assert.ok(socket instanceof WebSocket);
    assert.equal(socket.readyState, WebSocket.OPEN);
    assert.equal(socket.url, "ws://chat.example/chat?a=b");
    assert.equal(request.url, "/chat?a=b");
    assert.equal(request.method, "CONNECT");
    assert.equal(request.httpVersion, "2.0");
    assert.equal(request.headers.cookie, "id=1");
    assert.deepEqual(request.headersDistinct.cookie, ["id=1"]);
    assert.match(String(request.socket.remoteAddress), /127\.0\.0\.1$/);
    // Masked, as over HTTP/1.1: "a" with a mask of zeros.
    const data = nextData(socket);
    stream.write(Buffer.from([0x81, 0x81, 0, 0, 0, 0, 0x61]));
    assert.equal(await data, "a");
    const done = closed(socket);
    stream.destroy();
    assert.equal((await done).code, 1006);
  });

  for (const [what, headers, status, expected] of [
    ["another version", { "sec-websocket-version": "8" }, 400, /Sec-WebSocket-Version/],
    ["no version", { "sec-websocket-version": undefined }, 400, /Sec-WebSocket-Version/],
    ["broken subprotocols", { "sec-websocket-protocol": "a,,a" }, 400, /Sec-WebSocket-Protocol/],
    ["broken extensions", { "sec-websocket-extensions": ";" }, 400, /Sec-WebSocket-Extensions/],
    ["another path", { ":path": "/other" }, 404, /path/],
    ["another origin", { origin: "https://b.example" }, 403, /origin/],
  ] as const) {
    test(`${what}: ${status}`, async (t) => {
      const { port } = await chatServer(t, { path: "/chat", allowedOrigins: ["https://a.example"] });
      const session = await sessionWith(t, port);
      const answer = await answerTo(session, { ...good, ...headers });
      assert.equal(answer.headers[":status"], status);
      assert.match(answer.body, expected);
      if (status === 400 && /version/.test(what)) assert.equal(answer.headers["sec-websocket-version"], "13");
      // The session goes on.
      const stream = session.request(good, { endStream: false });
      const [next] = await once(stream, "response");
      assert.equal(next[":status"], 200);
      stream.destroy();
    });
  }

  test("subprotocols are chosen as over HTTP/1.1", async (t) => {
    const { port } = await chatServer(t, {
      handleProtocols: (protocols, request) =>
        request.headers["x-pick"] === "b" && protocols.has("b") ? "b" : false,
    });
    const session = await sessionWith(t, port);
    const stream = session.request(
      { ...good, "sec-websocket-protocol": "a, b", "x-pick": "b" },
      { endStream: false },
    );
    const [answer] = await once(stream, "response");
    assert.equal(answer["sec-websocket-protocol"], "b");
    stream.destroy();
  });
});

describe("the HTTP/2 server stays somebody else's", () => {
  test("its request listener gets all else, and no WebSocket", async (t) => {
    const { http, port } = await chatServer(t);
    const urls: string[] = [];
    http.on("request", (request, response) => {
      urls.push(request.url);
      response.end("page");
    });
    const session = await sessionWith(t, port);
    const page = await answerTo(session, { ":path": "/page", ":method": "POST" }).catch(() => undefined);
    assert.equal(page?.body ?? "page", "page");
    const stream = session.request(good, { endStream: false });
    const [answer] = await once(stream, "response");
    assert.equal(answer[":status"], 200);
    stream.destroy();
    assert.deepEqual(urls, ["/page"]);
  });

  test("CONNECT for anything else is refused as without us", async (t) => {
    const { http, port } = await chatServer(t);
    http.on("request", (_request, response) => response.end());
    const session = await sessionWith(t, port);
    for (const headers of [
      { ":method": "CONNECT", ":authority": "a.example:1" },
      { ...good, ":protocol": "connect-udp" },
    ]) {
      const stream = session.request(headers, { endStream: false });
      const [answer] = await within(once(stream, "response"), "an answer");
      assert.equal(answer[":status"], 405);
      stream.destroy();
    }
  });

  test("or left to its own connect listener", async (t) => {
    const { http, port } = await chatServer(t);
    http.on("request", (_request, response) => response.end());
    http.on("connect", (request, response) => {
      if (request.headers[":protocol"] === "websocket") return;
      response.statusCode = 418;
      response.end();
    });
    const session = await sessionWith(t, port);
    const stream = session.request({ ...good, ":protocol": "connect-udp" }, { endStream: false });
    const [answer] = await within(once(stream, "response"), "an answer");
    assert.equal(answer[":status"], 418);
    stream.destroy();
  });

  test("close() ends the connections with 1001 and leaves the session and the server", async (t) => {
    const line = await http2EchoServer(t);
    const socket = construct(line.url, { ca, http2: true });
    await opened(socket);
    const done = closed(socket);
    await line.server.close();
    const { code, wasClean } = await done;
    assert.deepEqual([code, wasClean], [1001, true]);
    assert.equal(line.http.listening, true);
    assert.equal(line.http.listenerCount("stream"), 0);
    assert.equal(line.http.listenerCount("connect"), 0);
  });

  test("HTTP/1.1 upgrades of the same server work as well", async (t) => {
    const line = await http2EchoServer(t, { allowHTTP1: true });
    for (const http2 of [false, true]) {
      const socket = construct(line.url, { ca, http2 });
      await opened(socket);
      const data = nextData(socket);
      socket.send("x");
      assert.equal(await data, "x");
      const done = closed(socket);
      socket.close();
      await done;
    }
  });
});

describe("the option server", () => {
  for (const server of ["http", 5, {}, { updateSettings: true }]) {
    test(`${JSON.stringify(server)} is refused`, () => {
      assert.throws(
        () => new WebSocketServer({ server: server as never }),
        /^TypeError: The option server is .*, but must be an HTTP server/,
      );
    });
  }
});
