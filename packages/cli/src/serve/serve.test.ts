import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { request } from "node:http";
import { connect } from "node:net";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { connectionInfo, HandshakeStatusError, opened, pause, terminate, WebSocket } from "openline";
import { runCommand } from "../testing-support/command.test.support.js";
import { temporaryFolder } from "../testing-support/command-environment.test.support.js";
import { runIntoFullDisk } from "../testing-support/full-disk.test.support.js";
import { terminal } from "../testing-support/terminal.test.support.js";
import { rawConnection } from "./raw-connection.test.support.js";
import { openClient, startServe } from "./serve.test.support.js";

const { url, command } = await startServe({ after });

describe("openline serve", () => {
  it("prints its URL first, and echoes", async (t) => {
    assert.match(url, /^ws:\/\/127\.0\.0\.1:\d+\/$/);
    const client = await openClient(t, url);
    client.socket.send("hello, 안녕");
    assert.equal(await client.next(), "hello, 안녕");
    client.socket.send(Uint8Array.of(1, 2, 255));
    assert.deepEqual(await client.next(), Uint8Array.of(1, 2, 255).buffer);
  });

  it("shows connections and messages", async (t) => {
    const client = await openClient(t, `${url}chat?room=1`, { origin: "http://page.example" });
    await command.waitFor(
      /#\d+ connected from 127\.0\.0\.1:\d+ \/chat\?room=1 origin http:\/\/page\.example\n/,
    );
    client.socket.send("hello");
    await command.waitFor("← text 5 B hello\n");
    await command.waitFor("→ text 5 B hello\n");
    client.socket.send(Uint8Array.of(1, 2, 255));
    await command.waitFor("← binary 3 B 01 02 ff\n");
    await openClient(t, `${url}?token=secret&room=1`);
    await command.waitFor(/connected from \S+ \/\?token=\(hidden\)&room=1\n/);
    client.socket.close(4000, "enough");
    await command.waitFor("closed 4000 enough\n");
  });

  it("cuts what is long", async (t) => {
    const client = await openClient(t, url);
    client.socket.send("long ".repeat(1000));
    await command.waitFor(/← text 5\.0 kB (long ){40}…\n/);
    client.socket.send(new Uint8Array(1000));
    await command.waitFor(/← binary 1\.0 kB (00 ){32}…\n/);
  });

  it("shows controls of the peer instead of obeying them", async (t) => {
    const client = await openClient(t, url);
    client.socket.send("a\x1b[2Jb\nc\u202e");
    await command.waitFor("a\\x1b[2Jb\\nc\\u202e\n");
    client.socket.close(4000, "\x1b]0;title\x07");
    await command.waitFor("closed 4000 \\x1b]0;title\\x07\n");
    assert.equal(command.stdout.includes("\x1b"), false);
  });

  it("tells a cut from a clean end", async (t) => {
    const client = await openClient(t, url);
    terminate(client.socket);
    await command.waitFor("cut 1006\n");
  });

  it("survives peers that speak nonsense", async (t) => {
    const { port } = new URL(url);
    const stranger = connect(Number(port), "127.0.0.1", () =>
      stranger.write("\x16\x03\x01 nonsense\r\n\r\n"),
    );
    stranger.on("error", () => {});
    await once(stranger.resume(), "close");
    const client = await openClient(t, url);
    // A frame that isn't masked.
    const broken = await rawConnection(Number(port));
    t.after(() => broken.destroy());
    broken.write(Uint8Array.of(0x81, 0x01, 0x61));
    await command.waitFor(/error .*mask.*\(ERR_WS_MASK\)\n/i);
    client.socket.send("still there");
    assert.equal(await client.next(), "still there");
  });

  it("says to a browser what it is", async () => {
    const asking = request(url.replace("ws:", "http:")).end();
    const [response] = await once(asking, "response");
    assert.equal(response.statusCode, 426);
    assert.match(String(await response.setEncoding("utf8").toArray()), new RegExp(`Connect to ${url}`));
  });

  it("is clear about a port in use", async () => {
    const { port } = new URL(url);
    assert.deepEqual(await runCommand(["serve", "--port", port]), {
      code: 1,
      signal: null,
      stdout: "",
      stderr: `openline: port ${port} of 127.0.0.1 is in use; --port 0 picks a free one\n`,
    });
  });

  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    it(`ends each connection with 1001 at ${signal}`, async (t) => {
      const own = await startServe(t);
      const clients = [await openClient(t, own.url), await openClient(t, own.url)];
      const { code, stderr, stdout } = await own.command.kill(signal);
      assert.equal(code, 0);
      assert.equal(stderr, "");
      assert.match(stdout, /closed 1001\n$/);
      for (const client of clients) {
        assert.deepEqual(await client.end(), { code: 1001, reason: "", wasClean: true });
      }
    });
  }

  it("doesn't wait for a client that never answers, when interrupted twice", async (t) => {
    const own = await startServe(t);
    const silent = await rawConnection(Number(new URL(own.url).port));
    t.after(() => silent.destroy());
    own.command.child.kill("SIGINT");
    // The close frame is there: the first signal has been handled.
    await once(silent, "data");
    assert.equal((await own.command.kill("SIGINT")).code, 1);
  });

  it("ends as it should once nobody reads its output", async (t) => {
    const own = await startServe(t);
    own.command.child.stdout.destroy();
    const client = await openClient(t, own.url);
    assert.equal((await client.end()).code, 1001);
    const { code, stderr } = await own.command.end();
    assert.equal(code, 0);
    assert.equal(stderr, "");
  });
});

describe("openline serve into a full disk", () => {
  it("says so and ends", async (t) => {
    if (!existsSync("/dev/full")) {
      t.skip("there is no /dev/full");
      return;
    }
    const { code, stderr } = await runIntoFullDisk(["serve", "--port", "0"]);
    assert.equal(code, 1);
    assert.match(stderr, /^openline: stdout: .*ENOSPC.*\n$/);
  });
});

describe("openline serve --broadcast", () => {
  it("sends each message to all clients", async (t) => {
    const { url } = await startServe(t, "--broadcast");
    const [one, other] = [await openClient(t, url), await openClient(t, url)];
    one.socket.send("to all");
    assert.deepEqual([await one.next(), await other.next()], ["to all", "to all"]);
    other.socket.send(Uint8Array.of(7));
    assert.deepEqual(
      [await one.next(), await other.next()],
      [Uint8Array.of(7).buffer, Uint8Array.of(7).buffer],
    );
  });
});

describe("openline serve and a client that doesn't read", () => {
  it("is not held up by it when it broadcasts: it's cut", async (t) => {
    const { url, command } = await startServe(t, "--broadcast");
    const reader = await openClient(t, url, { perMessageDeflate: false });
    const sleeper = await openClient(t, url, { perMessageDeflate: false });
    await command.waitFor("#2 connected");
    pause(sleeper.socket);
    const megabyte = "x".repeat(1024 * 1024);
    const cut = command.waitFor("#2 cut 1006");
    for (let i = 0; i < 100; i += 1) {
      reader.socket.send(megabyte);
      assert.equal(await reader.next(), megabyte);
    }
    await cut;
  });
});

describe("openline serve --tls", () => {
  it("makes a certificate, and shows its fingerprint", async (t) => {
    const path = join(temporaryFolder(), "cert.pem");
    const { url, command } = await startServe(t, "--tls", "--save-cert", path);
    assert.match(url, /^wss:/);
    const [, fingerprint] = await command.waitFor(/certificate SHA-256 ((?:[0-9A-F]{2}:){31}[0-9A-F]{2})\n/);
    const ca = readFileSync(path, "utf8");
    assert.equal(new X509Certificate(ca).fingerprint256, fingerprint);
    assert.equal(ca.includes("PRIVATE"), false);
    const { port } = new URL(url);
    for (const host of ["127.0.0.1", "localhost"]) {
      const client = await openClient(t, `wss://${host}:${port}/`, { ca });
      assert.equal(connectionInfo(client.socket).tls?.authorized, true);
      client.socket.send("secret");
      assert.equal(await client.next(), "secret");
    }
    const client = await openClient(t, url, { ca, http2: true });
    assert.equal(connectionInfo(client.socket).httpVersion, "2.0");
    client.socket.send("over HTTP/2");
    assert.equal(await client.next(), "over HTTP/2");
    assert.equal((await command.kill("SIGINT")).code, 0);
    assert.equal((await client.end()).code, 1001);
  });

  it("is not trusted without it", async (t) => {
    const { url } = await startServe(t, "--tls");
    await assert.rejects(opened(new WebSocket(url)), { code: "DEPTH_ZERO_SELF_SIGNED_CERT" });
  });
});

describe("openline serve and its other options", () => {
  it("--subprotocol chooses the first of its own that the client asks for", async (t) => {
    const { url } = await startServe(t, "-s", "chat.v2", "--subprotocol", "chat.v1", "--no-deflate");
    const client = await openClient(t, url, { protocols: ["chat.v1", "chat.v2", "other"] });
    assert.equal(client.socket.protocol, "chat.v2");
    assert.equal(client.socket.extensions, "");
    await assert.rejects(opened(new WebSocket(url, "other")), { code: "ERR_WS_HANDSHAKE_PROTOCOL" });
  });

  it("without it, the client's first; and compression", async (t) => {
    const { url, command } = await startServe(t);
    const client = await openClient(t, url, { protocols: ["b", "a"] });
    assert.equal(client.socket.protocol, "b");
    assert.match(client.socket.extensions, /permessage-deflate/);
    await command.waitFor("/ subprotocol b\n");
  });

  it("--allow-origin keeps foreign pages out", async (t) => {
    const { url } = await startServe(t, "--allow-origin", "http://localhost:3000");
    await openClient(t, url);
    await openClient(t, url, { origin: "http://localhost:3000" });
    await assert.rejects(
      opened(new WebSocket(url, { origin: "http://evil.example" })),
      (error) => error instanceof HandshakeStatusError && error.status === 403,
    );
  });

  it("--quiet shows the URL alone", async (t) => {
    const { url, command } = await startServe(t, "--quiet");
    const client = await openClient(t, url);
    client.socket.send("hello");
    await client.next();
    assert.deepEqual(await command.kill("SIGINT"), { code: 0, signal: null, stdout: `${url}\n`, stderr: "" });
  });

  it("--json writes an object for each event", async (t) => {
    const { url: first, command } = await startServe(t, "--json");
    const { event, url } = JSON.parse(first) as { event: string; url: string };
    assert.equal(event, "listening");
    const client = await openClient(t, `${url}a`);
    client.socket.send("text");
    await client.next();
    client.socket.send(Uint8Array.of(255));
    await client.next();
    client.socket.close(1000, "done");
    await client.end();
    const { stdout } = await command.kill("SIGINT");
    const events = stdout.trimEnd().split("\n").slice(1);
    assert.deepEqual(
      events.map((line) => {
        const { time, remotePort, ...rest } = JSON.parse(line) as Record<string, unknown>;
        assert.equal(typeof time, "number");
        return rest;
      }),
      [
        { event: "connection", connection: 1, remoteAddress: "127.0.0.1", path: "/a", protocol: "" },
        { event: "message", connection: 1, direction: "received", type: "text", size: 4, data: "text" },
        { event: "message", connection: 1, direction: "sent", type: "text", size: 4, data: "text" },
        { event: "message", connection: 1, direction: "received", type: "binary", size: 1, base64: "/w==" },
        { event: "message", connection: 1, direction: "sent", type: "binary", size: 1, base64: "/w==" },
        { event: "close", connection: 1, code: 1000, reason: "done", wasClean: true },
      ],
    );
  });

  it("--host listens there", async (t) => {
    const { url } = await startServe(t, "--host", "localhost");
    assert.match(url, /^ws:\/\/localhost:\d+\/$/);
    await openClient(t, url);
  });

  it("colours on a terminal, and still obeys no control of the peer", async (t) => {
    const screen = terminal(["serve", "--port", "0"]);
    const [url] = await screen.waitFor(/ws:\/\/\S+/);
    const client = await openClient(t, url);
    client.socket.send("a\x1b[2Jb");
    await screen.waitFor("→ text 6 B a\\x1b[2Jb");
    assert.equal(screen.raw.includes("\x1b[33mconnected"), true);
    assert.equal(screen.raw.includes("\x1b[2J"), false);
    screen.type("\x03");
    assert.equal((await screen.end()).code, 0);
    assert.equal((await client.end()).code, 1001);
  });

  const used = [
    { args: ["--port", "x"], said: /'-p, --port <n>' argument 'x' is invalid/ },
    { args: ["--port", "65536"], said: /'65536' is invalid\. Expected a whole number from 0 to 65535/ },
    { args: ["--echo", "--broadcast"], said: /'--echo' cannot be used with option '--broadcast'/ },
    { args: ["--echo", "--script", "x"], said: /'--echo' cannot be used with option '--script <file>'/ },
    { args: ["--broadcast", "--script", "x"], said: /'--broadcast' cannot be used with/ },
    { args: ["--json", "--quiet"], said: /'-j, --json' cannot be used with option '-q, --quiet'/ },
    { args: ["--save-cert", "x"], said: /--save-cert "x": expected --tls with it/ },
    { args: ["--tls", "--save-cert", "/nowhere/x"], said: /--save-cert "\/nowhere\/x": can't be written/ },
    { args: ["--allow-origin", "page"], said: /--allow-origin "page": expected an origin/ },
    { args: ["--subprotocol", "a b"], said: /--subprotocol "a b": expected/ },
    { args: ["--host", ""], said: /--host "": expected/ },
    { args: ["--script", "/nowhere.mjs"], said: /--script "\/nowhere.mjs": can't be read \(no such file/ },
    { args: ["more"], said: /too many arguments/ },
  ];
  for (const { args, said } of used) {
    it(`refuses ${args.join(" ")}`, async () => {
      const { code, stdout, stderr } = await runCommand(["serve", ...args]);
      assert.match(stderr, said);
      assert.deepEqual({ code, stdout, lines: stderr.split("\n").length }, { code: 2, stdout: "", lines: 2 });
    });
  }
});
