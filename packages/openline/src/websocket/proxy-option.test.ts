import assert from "node:assert/strict";
import { describe, type TestContext, test } from "node:test";
import type { WebSocketOptions } from "../index.js";
import { Authority } from "../testing-support/authority.test.support.js";
import { runProgram } from "../testing-support/child.test.support.js";
import { withEnvironment } from "../testing-support/environment.test.support.js";
import { text } from "../testing-support/frames.test.support.js";
import { assertHides, fakeProxy, httpProxy } from "../testing-support/proxies.test.support.js";
import { type RawServer, rawServer } from "../testing-support/raw-server.test.support.js";
import {
  assertHandshakeFails,
  closed,
  construct,
  failure,
  nextData,
  opened,
} from "../testing-support/sockets.test.support.js";

const authority = new Authority();
const user = "me@home";
const password = "s3cr:et/p?w#d";
const credentials = `${encodeURIComponent(user)}:${encodeURIComponent(password)}`;

/** Opens a connection, sends a message each way, and closes it. */
async function exchange(server: RawServer, url: string, options: WebSocketOptions): Promise<void> {
  const socket = construct(url, options);
  const open = opened(socket);
  const peer = await server.accept({}, [text("hello")]);
  const greeting = nextData(socket);
  await open;
  assert.equal(await greeting, "hello");
  socket.send("back");
  assert.equal((await peer.nextFrame()).payload.toString(), "back");
  const done = closed(socket);
  peer.socket.destroy();
  await done;
}

/** A server that no proxy is to be asked for in vain. */
async function tlsServer(t: TestContext): Promise<RawServer> {
  return rawServer(t, { tls: authority.issue() });
}

describe("proxy", () => {
  test("ws: goes through a tunnel", async (t) => {
    const [server, proxy] = [await rawServer(t), await httpProxy(t)];
    await exchange(server, server.url, { proxy: `http://127.0.0.1:${proxy.port}` });
    assert.deepEqual(proxy.targets, [`127.0.0.1:${server.port}`]);
  });

  test("wss: speaks TLS inside the tunnel, to the server's own certificate", async (t) => {
    const [server, proxy] = [await tlsServer(t), await httpProxy(t)];
    const url = `wss://localhost:${server.port}`;
    await exchange(server, url, {
      proxy: new URL(`http://127.0.0.1:${proxy.port}`).href,
      ca: authority.cert,
    });
    assert.deepEqual(proxy.targets, [`localhost:${server.port}`]);
    const wrong = await rawServer(t, { tls: authority.issue("other", ["other.example"]) });
    const failing = construct(`wss://localhost:${wrong.port}`, {
      proxy: `http://127.0.0.1:${proxy.port}`,
      ca: authority.cert,
    });
    await assertHandshakeFails(failing, "ERR_TLS_CERT_ALTNAME_INVALID");
  });

  test("credentials are sent decoded, to the proxy alone", async (t) => {
    const [server, proxy] = [await rawServer(t), await httpProxy(t, { credentials: `${user}:${password}` })];
    const socket = construct(server.url, { proxy: `http://${credentials}@127.0.0.1:${proxy.port}` });
    const open = opened(socket);
    const peer = await server.accept();
    await open;
    const request = await peer.head;
    assert.equal(request.get("Proxy-Authorization"), undefined);
    assert.equal(request.get("Authorization"), undefined);
    const done = closed(socket);
    peer.socket.destroy();
    await done;
  });

  test("an https: proxy: ws: and wss: inside TLS", async (t) => {
    const proxy = await httpProxy(t, { tls: authority.issue(), credentials: `${user}:${password}` });
    const options = { proxy: `https://${credentials}@localhost:${proxy.port}`, ca: authority.cert };
    const plain = await rawServer(t);
    await exchange(plain, plain.url, options);
    const secure = await tlsServer(t);
    await exchange(secure, secure.url, options);
    assert.equal(proxy.targets.length, 2);
  });

  test("an https: proxy gets neither the client's certificate nor the server's name", async (t) => {
    const client = authority.issue("client");
    const proxyServer = await rawServer(t, {
      tls: { ...authority.issue(), requestCert: true, rejectUnauthorized: false },
    });
    const socket = construct("wss://server.example", {
      proxy: `https://localhost:${proxyServer.port}`,
      ca: authority.cert,
      cert: client.cert,
      key: client.key,
      servername: "other.example",
    });
    const failing = assertHandshakeFails(socket, "ERR_WS_PROXY_STATUS");
    const { peer, request } = await proxyServer.nextRequest();
    assert.ok("getPeerCertificate" in peer.socket && "servername" in peer.socket);
    assert.deepEqual((peer.socket.getPeerCertificate as () => object)(), {});
    assert.equal(peer.socket.servername, "localhost");
    assert.equal(request.get("Host"), "server.example:443");
    peer.socket.end("HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n");
    await failing;
  });

  test("bytes that come with the proxy's answer belong to the server", async (t) => {
    const proxy = await fakeProxy(t, (socket) => {
      socket.once("data", () => {
        socket.write("HTTP/1.1 200 OK\r\n\r\nHTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n");
      });
    });
    const socket = construct("ws://server.example", { proxy: `http://127.0.0.1:${proxy.port}` });
    await assertHandshakeFails(socket, "ERR_WS_HANDSHAKE_STATUS");
  });

  test("a blocked port is blocked all the same", async (t) => {
    const proxy = await fakeProxy(t, () => {});
    const socket = construct("ws://server.example:25", { proxy: `http://127.0.0.1:${proxy.port}` });
    await assertHandshakeFails(socket, "ERR_WS_BLOCKED_PORT");
    assert.equal(proxy.connections(), 0);
  });
});

describe("a proxy that fails", () => {
  /** The error of a connection through such a proxy, which may show its host and port, but no more of it. */
  async function errorThrough(
    port: number,
    code: string | RegExp,
    options: WebSocketOptions = {},
  ): Promise<Error> {
    const proxy = `http://${credentials}@127.0.0.1:${port}`;
    const socket = construct("ws://user:dr0wssap@server.example/?token=n3kot", { proxy, ...options });
    const error = await assertHandshakeFails(socket, code);
    assertHides(error, user, password, `${user}:${password}`, credentials, "dr0wssap", "n3kot");
    return error;
  }

  test("asks for credentials: ERR_WS_PROXY_AUTHENTICATION", async (t) => {
    const proxy = await httpProxy(t, { credentials: `${user}:${password}` });
    const socket = construct("ws://server.example", { proxy: `http://127.0.0.1:${proxy.port}` });
    const error = await assertHandshakeFails(socket, "ERR_WS_PROXY_AUTHENTICATION");
    assert.match(error.message, /asks for a user name/);
  });

  test("refuses the credentials: ERR_WS_PROXY_AUTHENTICATION", async (t) => {
    const proxy = await httpProxy(t, { credentials: "somebody:else" });
    const error = await errorThrough(proxy.port, "ERR_WS_PROXY_AUTHENTICATION");
    assert.match(error.message, /did not accept/);
    assert.match(error.message, new RegExp(`http://127.0.0.1:${proxy.port}`));
  });

  test("can't reach the server: proxy-chain then hangs up, ERR_WS_PROXY_CLOSED", async (t) => {
    const proxy = await httpProxy(t, { credentials: `${user}:${password}` });
    const free = await rawServer(t);
    free.close();
    const socket = construct(free.url, { proxy: `http://${credentials}@127.0.0.1:${proxy.port}` });
    const error = await assertHandshakeFails(socket, "ERR_WS_PROXY_CLOSED");
    assert.equal(proxy.targets.length, 1);
    assertHides(error, user, password);
  });

  test("is not there: ECONNREFUSED, by the proxy's name", async (t) => {
    const free = await rawServer(t);
    free.close();
    const error = await errorThrough(free.port, "ECONNREFUSED");
    assert.match(error.message, new RegExp(`the proxy http://127.0.0.1:${free.port}`));
  });

  for (const status of [301, 403, 503]) {
    test(`answers ${status}, and is not followed`, async (t) => {
      const elsewhere = await rawServer(t);
      const proxy = await fakeProxy(t, (socket) => {
        socket.once("data", () =>
          socket.end(`HTTP/1.1 ${status} No\r\nLocation: ${elsewhere.url}\r\nContent-Length: 0\r\n\r\n`),
        );
      });
      const error = await errorThrough(proxy.port, "ERR_WS_PROXY_STATUS");
      assert.match(error.message, new RegExp(`status ${status}`));
      assert.equal(elsewhere.connections, 0);
      assert.equal(proxy.connections(), 1);
    });
  }

  test("hangs before it answers: ERR_WS_HANDSHAKE_TIMEOUT", async (t) => {
    const proxy = await fakeProxy(t, (socket) => socket.resume());
    await errorThrough(proxy.port, "ERR_WS_HANDSHAKE_TIMEOUT", { handshakeTimeout: 100 });
  });

  test("hangs once the tunnel is there: ERR_WS_HANDSHAKE_TIMEOUT, over TLS as well", async (t) => {
    const proxy = await fakeProxy(t, (socket) => {
      socket.once("data", () => socket.write("HTTP/1.1 200 OK\r\n\r\n"));
    });
    await errorThrough(proxy.port, "ERR_WS_HANDSHAKE_TIMEOUT", { handshakeTimeout: 100 });
    const socket = construct("wss://server.example", {
      proxy: `http://127.0.0.1:${proxy.port}`,
      handshakeTimeout: 100,
    });
    await assertHandshakeFails(socket, "ERR_WS_HANDSHAKE_TIMEOUT");
  });

  test("hangs in its own TLS handshake: ERR_WS_HANDSHAKE_TIMEOUT", async (t) => {
    const proxy = await fakeProxy(t, (socket) => socket.resume());
    const socket = construct("ws://server.example", {
      proxy: `https://${credentials}@127.0.0.1:${proxy.port}`,
      handshakeTimeout: 100,
    });
    assertHides(await assertHandshakeFails(socket, "ERR_WS_HANDSHAKE_TIMEOUT"), user, password);
  });

  test("has a certificate that nobody vouches for", async (t) => {
    const proxy = await httpProxy(t, { tls: authority.issue() });
    const socket = construct("ws://server.example", {
      proxy: `https://${credentials}@localhost:${proxy.port}`,
    });
    const error = await assertHandshakeFails(socket, "UNABLE_TO_VERIFY_LEAF_SIGNATURE");
    assert.match(error.message, /the proxy https:\/\/localhost/);
    assertHides(error, user, password);
    assert.deepEqual(proxy.targets, []);
  });

  test("dies before it answers: ERR_WS_PROXY_CLOSED", async (t) => {
    const proxy = await fakeProxy(t, (socket) => socket.once("data", () => socket.end()));
    await errorThrough(proxy.port, "ERR_WS_PROXY_CLOSED");
  });

  test("is cut off in the middle of its answer", async (t) => {
    const proxy = await fakeProxy(t, (socket) =>
      socket.once("data", () => socket.write("HTTP/1.1 200 Connec", () => socket.resetAndDestroy())),
    );
    await errorThrough(proxy.port, /^(ECONNRESET|ERR_WS_PROXY_CLOSED)$/);
  });

  test("speaks something else: ERR_WS_PROXY_HTTP", async (t) => {
    const proxy = await fakeProxy(t, (socket) =>
      socket.once("data", () => socket.write("220 mail.example ESMTP\r\n")),
    );
    await errorThrough(proxy.port, "ERR_WS_PROXY_HTTP");
  });

  test("echoes the request into its answer", async (t) => {
    const proxy = await fakeProxy(t, (socket) => socket.once("data", (request) => socket.end(request)));
    await errorThrough(proxy.port, "ERR_WS_PROXY_HTTP");
  });

  test("dies once the tunnel is there: ERR_WS_HANDSHAKE_CLOSED", async (t) => {
    const proxy = await fakeProxy(t, (socket) =>
      socket.once("data", () => {
        socket.write("HTTP/1.1 200 OK\r\n\r\n");
        socket.once("data", () => socket.end());
      }),
    );
    await errorThrough(proxy.port, "ERR_WS_HANDSHAKE_CLOSED");
  });

  test("dies during TLS inside the tunnel: ECONNRESET", async (t) => {
    const proxy = await fakeProxy(t, (socket) =>
      socket.once("data", () => {
        socket.write("HTTP/1.1 200 OK\r\n\r\n");
        socket.once("data", () => socket.destroy());
      }),
    );
    const socket = construct("wss://server.example", {
      proxy: `http://${credentials}@127.0.0.1:${proxy.port}`,
    });
    assertHides(await assertHandshakeFails(socket, "ECONNRESET"), user, password);
  });

  test("dies while the connection is open: close with 1006", async (t) => {
    const [server, proxy] = [await tlsServer(t), await httpProxy(t)];
    const socket = construct(server.url, {
      proxy: `http://127.0.0.1:${proxy.port}`,
      ca: authority.cert,
    });
    const open = opened(socket);
    await server.accept();
    await open;
    const done = closed(socket);
    proxy.cut();
    const { code, wasClean } = await done;
    assert.deepEqual([code, wasClean], [1006, false]);
  });

  test("close() while it makes us wait", async (t) => {
    let ended: Promise<unknown> | undefined;
    const proxy = await fakeProxy(t, (socket) => {
      ended = new Promise((resolve) => socket.resume().once("close", resolve));
      socket.once("data", () => socket_.close());
    });
    const socket_ = construct("ws://server.example", { proxy: `http://127.0.0.1:${proxy.port}` });
    const { error } = await failure(socket_);
    assert.equal(error.code, "ERR_WS_HANDSHAKE_ABORTED");
    await ended;
  });
});

describe("redirects", () => {
  for (const status of [301, 302, 307, 308]) {
    test(`${status} is not followed, and its address not shown`, async (t) => {
      const [server, elsewhere] = [await rawServer(t), await rawServer(t)];
      const socket = construct(server.url, {
        headers: { Authorization: "Bearer s3cr3t", Cookie: "id=s3cr3t" },
      });
      const failing = assertHandshakeFails(socket, "ERR_WS_HANDSHAKE_STATUS");
      const { peer } = await server.nextRequest();
      peer.socket.end(
        `HTTP/1.1 ${status} Moved\r\nLocation: ${elsewhere.url}/?s3cr3t\r\nContent-Length: 0\r\n\r\n`,
      );
      assertHides(await failing, "s3cr3t");
      assert.equal(elsewhere.connections, 0);
    });
  }
});

describe('proxy: "env"', () => {
  test("takes the proxy that the environment names, and not for those in NO_PROXY", async (t) => {
    const [server, proxy] = [await rawServer(t), await httpProxy(t)];
    withEnvironment(t, { http_proxy: `http://127.0.0.1:${proxy.port}` });
    await exchange(server, server.url, { proxy: "env" });
    assert.equal(proxy.targets.length, 1);
    process.env["NO_PROXY"] = "127.0.0.0/8";
    await exchange(server, server.url, { proxy: "env" });
    assert.equal(proxy.targets.length, 1);
  });

  test("without the option the environment counts for nothing", async (t) => {
    const [server, proxy] = [await rawServer(t), await httpProxy(t)];
    withEnvironment(t, {
      http_proxy: `http://127.0.0.1:${proxy.port}`,
      ALL_PROXY: `127.0.0.1:${proxy.port}`,
    });
    await exchange(server, server.url, {});
    assert.deepEqual(proxy.targets, []);
  });

  test("wss: through HTTPS_PROXY", async (t) => {
    const [server, proxy] = [await tlsServer(t), await httpProxy(t)];
    withEnvironment(t, { HTTPS_PROXY: `127.0.0.1:${proxy.port}` });
    await exchange(server, server.url, { proxy: "env", ca: authority.cert });
    assert.equal(proxy.targets.length, 1);
  });

  test("a proxy there that can't be used: ERR_WS_PROXY_ENVIRONMENT", async (t) => {
    withEnvironment(t, { all_proxy: `socks5://${credentials}@127.0.0.1:1080` });
    const error = await assertHandshakeFails(
      construct("ws://server.example", { proxy: "env" }),
      "ERR_WS_PROXY_ENVIRONMENT",
    );
    assert.match(error.message, /all_proxy.*socks-proxy-agent/);
    assertHides(error, user, password);
  });
});

describe("a wrong proxy is refused by name, without its credentials", () => {
  for (const proxy of [
    "",
    "environment",
    "127.0.0.1:8080",
    `socks5://${credentials}@127.0.0.1`,
    `http//${credentials}@127.0.0.1:8080`,
    `http://${credentials}@:8080`,
    `http://${credentials}@127.0.0.1:123456`,
    `http://${user}:${password}@127.0.0.1:8080/path`,
    8080,
    null,
    { host: "127.0.0.1", auth: password },
    [`http://${credentials}@127.0.0.1`],
  ]) {
    test(typeof proxy === "object" ? JSON.stringify(proxy) : String(proxy), () => {
      assert.throws(
        () => construct("ws://server.example", { proxy }),
        (error) => {
          assert.ok(error instanceof TypeError);
          assert.match(error.message, /^The option proxy is .*, but must be .*"env"/);
          assertHides(error, user, password, credentials);
          return true;
        },
      );
    });
  }
});

test("an uncaught error tells nothing of the proxy's credentials", async (t) => {
  const proxy = await httpProxy(t, { credentials: "somebody:else" });
  const { stdout, stderr, code } = await runProgram(
    `new WebSocket("ws://server.example", { proxy: url }).onerror = ({ error }) => { console.log(error); throw error; };`,
    `http://${credentials}@127.0.0.1:${proxy.port}`,
  );
  assert.notEqual(code, 0);
  assert.match(stdout, /ERR_WS_PROXY_AUTHENTICATION/);
  for (const secret of [user, password, credentials, Buffer.from(`${user}:${password}`).toString("base64")]) {
    assert.ok(!stdout.includes(secret) && !stderr.includes(secret), secret);
  }
});

describe("other options and URLs that may hold a secret aren't shown either", () => {
  for (const [what, url, options] of [
    ["a URL that can't be parsed", `ws://${user}:${password}@host.example:123456`, {}],
    ["a URL without slashes", `ws:${credentials}@host.example:123456`, {}],
    ["a URL with a fragment", `ws://${credentials}@host.example/#`, {}],
    ["a URL of another scheme", `ftp://${credentials}@host.example/`, {}],
    ["agent", "ws://host.example", { agent: `socks5://${credentials}@host.example` }],
    ["headers, a string", "ws://host.example", { headers: password }],
    ["headers, no pairs", "ws://host.example", { headers: [password] }],
    ["headers, a bad value", "ws://host.example", { headers: { Authorization: `${password}\r\n` } }],
  ] as const) {
    test(what, () => {
      assert.throws(
        () => construct(url, options),
        (error) => {
          assertHides(error, user, password, credentials);
          return true;
        },
      );
    });
  }
});
