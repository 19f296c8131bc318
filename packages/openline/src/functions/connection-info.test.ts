import assert from "node:assert/strict";
import { createServer } from "node:https";
import { describe, type TestContext, test } from "node:test";
import { closed, connectionInfo, messages, opened, ping, WebSocket } from "../index.js";
import { WebSocketServer } from "../server/index.js";
import { selfSignedCertificate } from "../testing-support/certificate.test.support.js";
import { text } from "../testing-support/frames.test.support.js";
import { until, within } from "../testing-support/guard.test.support.js";
import { rawServer } from "../testing-support/raw-server.test.support.js";
import { listening, nextClient, portOf } from "../testing-support/servers.test.support.js";

async function pair(t: TestContext, perMessageDeflate: false | undefined) {
  const { server, url, port } = await listening(t);
  const client = new WebSocket(url, perMessageDeflate === false ? { perMessageDeflate } : {});
  const { socket } = await nextClient(server);
  await within(opened(client), "open");
  return { client, socket, port };
}

describe("connectionInfo", () => {
  test("both ends agree on the addresses and on the handshake", async (t) => {
    const { client, socket, port } = await pair(t, false);
    const ours = connectionInfo(client);
    const theirs = connectionInfo(socket);
    assert.deepEqual([ours.role, theirs.role], ["client", "server"]);
    assert.notEqual(ours.id, theirs.id);
    assert.deepEqual([ours.remoteAddress, ours.remotePort], ["127.0.0.1", port]);
    assert.deepEqual([theirs.localAddress, theirs.localPort], ["127.0.0.1", port]);
    assert.deepEqual([ours.localAddress, ours.localPort], [theirs.remoteAddress, theirs.remotePort]);
    for (const info of [ours, theirs]) {
      assert.equal(info.status, 101);
      assert.equal(info.httpVersion, "1.1");
      assert.equal(info.responseHeaders?.get("upgrade"), "websocket");
      assert.equal(info.tls, undefined);
      assert.equal(info.compression, undefined);
    }
    client.close();
  });

  test("bytes and messages, both ways", async (t) => {
    const { client, socket } = await pair(t, false);
    const zero = connectionInfo(client);
    assert.deepEqual(
      [zero.bytesSent, zero.bytesReceived, zero.messagesSent, zero.messagesReceived],
      [0, 0, 0, 0],
    );
    const loop = messages(socket);
    client.send("0123456789");
    client.send(new Uint8Array(200));
    await within(loop.next(), "text");
    await within(loop.next(), "binary");
    // Header, masking key and payload: 2 + 4 + 10, 4 + 4 + 200.
    const bytes = 16 + 208;
    const sent = connectionInfo(client);
    assert.deepEqual([sent.bytesSent, sent.messagesSent, sent.messagesReceived], [bytes, 2, 0]);
    const received = connectionInfo(socket);
    assert.deepEqual(
      [received.bytesReceived, received.messagesReceived, received.messagesSent],
      [bytes, 2, 0],
    );
    await within(ping(client, "four"), "the pong");
    const pinged = connectionInfo(client);
    assert.deepEqual([pinged.bytesSent, pinged.bytesReceived, pinged.messagesSent], [bytes + 10, 6, 2]);
    client.close();
    await within(closed(client), "close");
    assert.equal(connectionInfo(client).messagesSent, 2, "the counts outlive the connection");
  });

  test("compression: what was agreed on, and how often it was used", async (t) => {
    const { client, socket } = await pair(t, undefined);
    const loop = messages(socket);
    client.send("short");
    client.send("long".repeat(100));
    client.send(new Uint8Array(500));
    for (let i = 0; i < 3; i++) await within(loop.next(), "a message");
    const { compression } = connectionInfo(client);
    assert.deepEqual(compression, {
      serverNoContextTakeover: false,
      clientNoContextTakeover: false,
      serverMaxWindowBits: 15,
      clientMaxWindowBits: 15,
      messagesSent: 2,
      messagesReceived: 0,
    });
    assert.equal(connectionInfo(socket).compression?.messagesReceived, 2);
    client.close();
  });

  test("TLS: protocol, cipher and certificate", async (t) => {
    const certificate = selfSignedCertificate();
    const https = createServer(certificate).listen(0, "127.0.0.1");
    const server = new WebSocketServer({ server: https });
    t.after(async () => {
      await server.close();
      https.close();
    });
    await until(() => https.listening, "the server listens");
    const client = new WebSocket(`wss://127.0.0.1:${portOf(server)}`, { ca: certificate.cert });
    await within(opened(client), "open");
    const { tls } = connectionInfo(client);
    assert.equal(tls?.protocol, "TLSv1.3");
    assert.match(tls.cipher.name, /^TLS_/);
    assert.equal(tls.authorized, true);
    assert.equal(tls.certificate?.subject.CN, "openline test");
    assert.equal(tls.alpnProtocol, "http/1.1");
    const [socket] = server.clients;
    assert.ok(socket !== undefined);
    assert.equal(connectionInfo(socket).tls?.certificate, undefined, "the client sent none");
    client.close();
    await within(closed(client), "close");
  });

  test("while CONNECTING, and of an attempt that was refused", async (t) => {
    const server = await rawServer(t);
    const socket = new WebSocket(server.url);
    const before = connectionInfo(socket);
    assert.deepEqual(
      [before.status, before.remoteAddress, before.responseHeaders],
      [undefined, undefined, undefined],
    );
    const { peer } = await server.nextRequest();
    peer.send(
      Buffer.from(
        'HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic realm="x"\r\nContent-Length: 0\r\n\r\n',
      ),
    );
    await assert.rejects(within(opened(socket), "the refusal"));
    const after = connectionInfo(socket);
    assert.equal(after.status, 401);
    assert.equal(after.responseHeaders?.get("www-authenticate"), 'Basic realm="x"');
  });

  test("bytes that come with the answer to the handshake count, too", async (t) => {
    const server = await rawServer(t);
    const socket = new WebSocket(server.url);
    const loop = messages(socket);
    await server.accept({}, [text("hello")]);
    await within(loop.next(), "the message");
    assert.equal(connectionInfo(socket).bytesReceived, 7);
    await loop.return?.();
  });

  test("refuses another implementation's object", () => {
    for (const wrong of [new EventTarget(), undefined, null]) {
      assert.throws(() => Reflect.apply(connectionInfo, undefined, [wrong]), TypeError);
    }
  });
});
