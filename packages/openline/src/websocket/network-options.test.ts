import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { Agent, type ClientRequestArgs, createServer } from "node:http";
import { createServer as createHttpsServer, Agent as HttpsAgent } from "node:https";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Duplex, PassThrough } from "node:stream";
import { describe, type TestContext, test } from "node:test";
import { connect as connectTls } from "node:tls";
import { HttpsProxyAgent } from "https-proxy-agent";
import { SocksProxyAgent } from "socks-proxy-agent";
import { type ConnectionTarget, WebSocket, type WebSocketOptions } from "../index.js";
import { WebSocketServer } from "../server/index.js";
import { Authority } from "../testing-support/authority.test.support.js";
import { assertHides, httpProxy, socksProxy } from "../testing-support/proxies.test.support.js";
import { rawServer } from "../testing-support/raw-server.test.support.js";
import { listening } from "../testing-support/servers.test.support.js";
import {
  assertHandshakeFails,
  closed,
  construct,
  domException,
  nextData,
  opened,
} from "../testing-support/sockets.test.support.js";

const authority = new Authority();

/** A server that sends every message back. */
async function echoServer(t: TestContext): Promise<{ server: WebSocketServer; port: number; url: string }> {
  const line = await listening(t);
  echo(line.server);
  return line;
}

function echo(server: WebSocketServer): void {
  server.on("connection", (socket) =>
    socket.addEventListener("message", ({ data }) => socket.send(String(data))),
  );
}

/** A `wss:` server with a certificate of the authority for localhost. */
async function secureEchoServer(t: TestContext): Promise<{ port: number; url: string }> {
  const http = createHttpsServer(authority.issue()).listen(0, "127.0.0.1");
  await once(http, "listening");
  const server = new WebSocketServer({ server: http });
  echo(server);
  t.after(async () => {
    await server.close();
    http.close();
  });
  const address = http.address();
  assert.ok(address !== null && typeof address === "object");
  return { port: address.port, url: `wss://localhost:${address.port}` };
}

/** Has the server send a message back, and closes the connection cleanly. */
async function echoes(url: string, options: WebSocketOptions): Promise<void> {
  const socket = new WebSocket(url, options);
  await opened(socket);
  const data = nextData(socket);
  socket.send("there and back");
  assert.equal(await data, "there and back");
  const done = closed(socket);
  socket.close(1000);
  assert.equal((await done).wasClean, true);
}

/** A stream on which nothing ever comes. */
function silent(): Duplex {
  return new Duplex({ read() {}, write: (_chunk, _encoding, callback) => callback() });
}

describe("origin", () => {
  for (const origin of [
    "https://example.com",
    "http://localhost:8080",
    "null",
    "chrome-extension://abc",
    "http://[::1]:80",
  ]) {
    test(`${origin} goes out as the Origin header`, async (t) => {
      const server = await rawServer(t);
      const socket = new WebSocket(server.url, { origin });
      const { peer, request } = await server.nextRequest();
      assert.equal(request.get("Origin"), origin);
      const done = closed(socket);
      peer.socket.destroy();
      await done;
    });
  }

  for (const origin of [
    5,
    "",
    "example.com",
    "https://example.com/",
    "https://me:pw@example.com",
    "a://b\r\nX: y",
  ]) {
    test(`${JSON.stringify(origin)} is refused`, () => {
      assert.throws(() => construct("ws://localhost", { origin }), /^TypeError: The option origin is /);
    });
  }

  test("not together with a header Origin", () => {
    const options = { origin: "https://a.example", headers: { ORIGIN: "https://b.example" } };
    assert.throws(() => construct("ws://localhost", options), /Origin.*option origin/);
  });
});

describe("agent", () => {
  test("Node's http.Agent", async (t) => {
    const { url } = await echoServer(t);
    let connections = 0;
    const agent = new (class extends Agent {
      override createConnection({ host, port }: ClientRequestArgs): Duplex {
        connections += 1;
        return connect(Number(port), String(host));
      }
    })({ keepAlive: true });
    await echoes(url, { agent });
    assert.equal(connections, 1);
    assert.deepEqual(Object.keys(agent.sockets), []);
  });

  test("Node's https.Agent, with our own TLS options", async (t) => {
    const { url } = await secureEchoServer(t);
    const agent = new HttpsAgent();
    await echoes(url, { agent, ca: authority.cert });
    await assertHandshakeFails(construct(url, { agent }), "UNABLE_TO_VERIFY_LEAF_SIGNATURE");
  });

  test("one of another scheme fails the connection", async (t) => {
    const { url } = await secureEchoServer(t);
    const error = await assertHandshakeFails(construct(url, { agent: new Agent() }), "ERR_INVALID_PROTOCOL");
    assert.match(error.message, /https:/);
  });

  for (const credentials of [undefined, "me:s3cr3t"]) {
    test(`socks-proxy-agent ${credentials === undefined ? "without" : "with"} credentials: ws: and wss:`, async (t) => {
      const proxy = await socksProxy(t, credentials);
      const userinfo = credentials === undefined ? "" : `${credentials}@`;
      const agent = new SocksProxyAgent(`socks5h://${userinfo}127.0.0.1:${proxy.port}`);
      const [plain, secure] = [await echoServer(t), await secureEchoServer(t)];
      await echoes(plain.url, { agent });
      await echoes(secure.url, { agent, ca: authority.cert });
      assert.deepEqual(proxy.targets, [`127.0.0.1:${plain.port}`, `localhost:${secure.port}`]);
    });
  }

  test("socks-proxy-agent with credentials that the proxy refuses", async (t) => {
    const proxy = await socksProxy(t, "me:s3cr3t");
    const agent = new SocksProxyAgent(`socks5h://me:wr0ng@127.0.0.1:${proxy.port}`);
    const error = await assertHandshakeFails(construct("ws://server.example", { agent }), /./);
    // The agent's own error has its options with it, password and all.
    assertHides(error, "s3cr3t", "wr0ng");
    assert.deepEqual(proxy.targets, []);
  });

  test("https-proxy-agent: ws: and wss:", async (t) => {
    const proxy = await httpProxy(t, { credentials: "me:s3cr3t" });
    const agent = new HttpsProxyAgent(`http://me:s3cr3t@127.0.0.1:${proxy.port}`);
    const [plain, secure] = [await echoServer(t), await secureEchoServer(t)];
    await echoes(plain.url, { agent });
    await echoes(secure.url, { agent, ca: authority.cert });
    assert.equal(proxy.targets.length, 2);
  });

  test("an agent that hangs: ERR_WS_HANDSHAKE_TIMEOUT", async () => {
    const agent = new (class extends Agent {
      override createConnection(): Duplex {
        return silent();
      }
    })();
    const socket = construct("ws://server.example", { agent, handshakeTimeout: 50 });
    await assertHandshakeFails(socket, "ERR_WS_HANDSHAKE_TIMEOUT");
  });
});

describe("lookup, family and localAddress", () => {
  test("lookup finds the address", async (t) => {
    const { port } = await echoServer(t);
    const asked: string[] = [];
    await echoes(`ws://server.example:${port}`, {
      lookup: (hostname, options, callback) => {
        asked.push(hostname);
        if (options.all === true) callback(null, [{ address: "127.0.0.1", family: 4 }]);
        else callback(null, "127.0.0.1", 4);
      },
    });
    assert.deepEqual(asked, ["server.example"]);
  });

  test("what lookup fails with is the error", async () => {
    const cause = Object.assign(new Error("no such name here"), { code: "ENOTFOUND" });
    const socket = construct("ws://server.example", {
      lookup: (_hostname: string, _options: object, callback: (error: Error) => void) => callback(cause),
    });
    assert.equal((await assertHandshakeFails(socket, "ENOTFOUND")).cause, cause);
  });

  test("a lookup that never answers: ERR_WS_HANDSHAKE_TIMEOUT", async () => {
    const socket = construct("ws://server.example", { lookup: () => {}, handshakeTimeout: 50 });
    await assertHandshakeFails(socket, "ERR_WS_HANDSHAKE_TIMEOUT");
  });

  test("family is what lookup is asked for", async (t) => {
    const { port } = await echoServer(t);
    for (const family of [4, 6, 0] as const) {
      let asked: unknown;
      const socket = construct(`ws://server.example:${port}`, {
        family,
        lookup: (_hostname: string, options: { family?: unknown }, callback: (error: Error) => void) => {
          asked = options.family;
          callback(new Error("enough"));
        },
      });
      await assertHandshakeFails(socket, "ERR_WS_NETWORK");
      assert.equal(asked, family);
    }
  });

  test("localAddress is where we come from", async (t) => {
    const { url, server } = await echoServer(t);
    const from: unknown[] = [];
    server.on("connection", (_socket, request) => from.push(request.socket.remoteAddress));
    await echoes(url, { localAddress: "127.0.0.3" });
    assert.deepEqual(from, ["127.0.0.3"]);
    await assertHandshakeFails(construct(url, { localAddress: "192.0.2.1" }), "EADDRNOTAVAIL");
  });
});

describe("socketPath and ws+unix:", () => {
  async function unixServer(t: TestContext, secure = false): Promise<{ path: string; requests: string[] }> {
    const directory = await mkdtemp(join(tmpdir(), "openline-"));
    const path = join(directory, "a socket");
    const http = secure ? createHttpsServer(authority.issue()) : createServer();
    const server = new WebSocketServer({ server: http });
    echo(server);
    const requests: string[] = [];
    server.on("connection", (_socket, request) => requests.push(`${request.headers.host} ${request.url}`));
    http.listen(path);
    await once(http, "listening");
    t.after(async () => {
      await server.close();
      http.close();
      await rm(directory, { recursive: true });
    });
    return { path, requests };
  }

  test("socketPath replaces the URL's host and port", async (t) => {
    const { path, requests } = await unixServer(t);
    await echoes("ws://server.example:25/chat?a=b", { socketPath: path });
    assert.deepEqual(requests, ["server.example:25 /chat?a=b"]);
  });

  test("ws+unix: names the socket in the URL", async (t) => {
    const { path, requests } = await unixServer(t);
    const url = `ws+unix:${path}:/chat?a=b`;
    await echoes(url, {});
    assert.deepEqual(requests, ["localhost /chat?a=b"]);
    const socket = new WebSocket(url);
    assert.equal(socket.url, new URL(url).href);
    await opened(socket);
  });

  test("wss+unix: speaks TLS over it", async (t) => {
    const { path } = await unixServer(t, true);
    await echoes(`wss+unix:${path}:/`, { ca: authority.cert });
    await assertHandshakeFails(construct(`wss+unix:${path}:/`), "UNABLE_TO_VERIFY_LEAF_SIGNATURE");
  });

  test("a socket that isn't there: ENOENT, with its path", async () => {
    const error = await assertHandshakeFails(construct("ws+unix:/nowhere/a.sock:/"), "ENOENT");
    assert.match(error.message, /\/nowhere\/a\.sock/);
    await assertHandshakeFails(construct("ws://localhost", { socketPath: "/nowhere/a.sock" }), "ENOENT");
  });

  for (const url of ["ws+unix:", "ws+unix://host/a.sock:/", "ws+unix:/a.sock:/x#y"]) {
    test(`${url} is a SyntaxError`, () =>
      assert.throws(() => construct(url), domException("SyntaxError", url)));
  }
});

describe("createConnection", () => {
  test("brings a stream at once, and is told where to", async (t) => {
    const { port } = await echoServer(t);
    const targets: ConnectionTarget[] = [];
    await echoes(`ws://[::1]:${port}/`, {
      createConnection: (target) => {
        targets.push(target);
        return connect(port, "127.0.0.1");
      },
    });
    assert.deepEqual(
      targets.map(({ host, port }) => ({ host, port })),
      [{ host: "::1", port }],
    );
  });

  test("brings a promise of a stream that is no socket", async (t) => {
    const { port, url } = await echoServer(t);
    await echoes(url, {
      createConnection: async () => {
        const socket = connect(port, "127.0.0.1");
        await once(socket, "connect");
        return Duplex.from({ readable: socket, writable: socket });
      },
    });
  });

  test("for wss: TLS is spoken over a plain stream, and verified", async (t) => {
    const { port, url } = await secureEchoServer(t);
    const createConnection = () => connect(port, "127.0.0.1");
    await echoes(url, { createConnection, ca: authority.cert });
    await assertHandshakeFails(construct(url, { createConnection }), "UNABLE_TO_VERIFY_LEAF_SIGNATURE");
    await assertHandshakeFails(
      construct(`wss://other.example:${port}`, { createConnection, ca: authority.cert }),
      "ERR_TLS_CERT_ALTNAME_INVALID",
    );
  });

  test("for wss: a TLS socket is taken as it is", async (t) => {
    const { port } = await secureEchoServer(t);
    await echoes(`wss://other.example:${port}`, {
      createConnection: () =>
        connectTls({ port, host: "127.0.0.1", servername: "localhost", ca: authority.cert }),
    });
  });

  const cause = Object.assign(new Error("the tunnel is closed"), { code: "ETUNNEL" });
  for (const [what, createConnection, code] of [
    [
      "throws",
      () => {
        throw cause;
      },
      "ETUNNEL",
    ],
    ["rejects", () => Promise.reject(cause), "ETUNNEL"],
    ["gives no stream", () => ({}), "ERR_WS_NETWORK"],
    ["gives nothing", () => undefined, "ERR_WS_NETWORK"],
  ] as const) {
    test(`that ${what} fails the connection with ${code}`, async () => {
      const error = await assertHandshakeFails(construct("ws://server.example", { createConnection }), code);
      assert.match(error.message, /createConnection/);
      if (code === "ETUNNEL") assert.equal(error.cause, cause);
    });
  }

  test("a stream that fails or ends during the handshake", async () => {
    const failing = construct("ws://server.example", {
      createConnection: () => {
        const stream = silent();
        setImmediate(() => stream.destroy(cause));
        return stream;
      },
    });
    await assertHandshakeFails(failing, "ETUNNEL");
    const ending = construct("ws://server.example", {
      createConnection: () =>
        new Duplex({
          read() {
            this.push(null);
          },
          write: (_chunk, _encoding, callback) => callback(),
        }),
    });
    await assertHandshakeFails(ending, "ERR_WS_HANDSHAKE_CLOSED");
  });

  test("that takes too long: the signal says so, and a stream that comes late is destroyed", async () => {
    let give: (stream: Duplex) => void = () => {};
    let signal: AbortSignal | undefined;
    const socket = construct("ws://server.example", {
      handshakeTimeout: 50,
      createConnection: (target: ConnectionTarget) => {
        signal = target.signal;
        return new Promise<Duplex>((resolve) => {
          give = resolve;
        });
      },
    });
    await assertHandshakeFails(socket, "ERR_WS_HANDSHAKE_TIMEOUT");
    assert.equal(signal?.aborted, true);
    const late = new PassThrough();
    const gone = once(late, "close");
    give(late);
    await gone;
  });
});

describe("serializeHandshakes: false", () => {
  test("opens connections to one host side by side", async (t) => {
    const server = await rawServer(t);
    const sockets = Array.from(
      { length: 5 },
      () => new WebSocket(server.url, { serializeHandshakes: false }),
    );
    const peers = [];
    // All five have sent their requests before one of them is answered.
    for (const _ of sockets) peers.push((await server.nextRequest()).peer);
    const ends = sockets.map((socket) => closed(socket));
    for (const peer of peers) peer.socket.destroy();
    await Promise.all(ends);
    assert.equal(server.connections, 5);
  });

  test("true lets them wait for each other, as without it", async (t) => {
    const server = await rawServer(t);
    const sockets = [true, undefined].map((serializeHandshakes) =>
      construct(server.url, { serializeHandshakes }),
    );
    const { peer } = await server.nextRequest();
    assert.equal(server.connections, 1);
    const ends = sockets.map((socket) => closed(socket));
    peer.socket.destroy();
    (await server.nextRequest()).peer.socket.destroy();
    await Promise.all(ends);
  });
});

describe("what is refused by name", () => {
  const agent = new Agent();
  const createConnection = () => new PassThrough();
  const wrong: [names: string[], options: unknown][] = [
    [["agent"], { agent: {} }],
    [["agent"], { agent: false }],
    [["lookup"], { lookup: "dns" }],
    [["family", "5"], { family: 5 }],
    [["family"], { family: "IPv4" }],
    [["localAddress", "localhost"], { localAddress: "localhost" }],
    [["socketPath"], { socketPath: "" }],
    [["socketPath"], { socketPath: 5 }],
    [["createConnection"], { createConnection: new PassThrough() }],
    [["serializeHandshakes", "0"], { serializeHandshakes: 0 }],
    [["handshakeTimeout", "0"], { handshakeTimeout: 0 }],
    [["http2", "yes"], { http2: "yes" }],
    [["http2"], { http2: {} }],
    [["http2"], { http2: null }],
    [["agent", "proxy"], { agent, proxy: "env" }],
    [["agent", "createConnection"], { agent, createConnection }],
    [["createConnection", "proxy"], { createConnection, proxy: "http://a" }],
    [["proxy", "socketPath"], { proxy: "http://a", socketPath: "/a" }],
    [["agent", "http2"], { agent, http2: "auto" }],
  ];
  for (const [names, options] of wrong) {
    test(names.join(" and "), () => {
      assert.throws(
        () => construct("ws://localhost", options),
        (error) => {
          assert.ok(error instanceof TypeError);
          for (const name of names) assert.ok(error.message.includes(name), error.message);
          return true;
        },
      );
    });
  }
});
