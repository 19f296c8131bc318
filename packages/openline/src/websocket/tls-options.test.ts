import assert from "node:assert/strict";
import { describe, type TestContext, test } from "node:test";
import type { PeerCertificate } from "node:tls";
import type { WebSocketOptions } from "../index.js";
import { Authority } from "../testing-support/authority.test.support.js";
import { assertHides } from "../testing-support/proxies.test.support.js";
import { type RawServer, rawServer } from "../testing-support/raw-server.test.support.js";
import { assertHandshakeFails, closed, construct, opened } from "../testing-support/sockets.test.support.js";

const authority = new Authority();
const stranger = new Authority("another authority");
const client = authority.issue("a client");
const passphrase = "s3cret passphrase";

/** A server that lets in only clients with a certificate of the authority. */
function strictServer(t: TestContext): Promise<RawServer> {
  return rawServer(t, {
    tls: { ...authority.issue(), ca: authority.cert, requestCert: true, rejectUnauthorized: true },
  });
}

async function connects(server: RawServer, options: WebSocketOptions): Promise<void> {
  const socket = construct(server.url, { ca: authority.cert, ...options });
  const open = opened(socket);
  const peer = await server.accept();
  await open;
  const done = closed(socket);
  peer.socket.destroy();
  await done;
}

describe("ca", () => {
  test("one's own authority", async (t) => {
    await connects(await rawServer(t, { tls: authority.issue() }), {});
  });

  test("several, as a list or in one text, as strings or bytes", async (t) => {
    const server = await rawServer(t, { tls: authority.issue() });
    await connects(server, { ca: [stranger.cert, authority.cert] });
    await connects(server, { ca: `${stranger.cert}${authority.cert}` });
    await connects(server, { ca: Buffer.from(authority.cert) });
  });

  test("another authority: UNABLE_TO_VERIFY_LEAF_SIGNATURE", async (t) => {
    const server = await rawServer(t, { tls: authority.issue() });
    await assertHandshakeFails(
      construct(server.url, { ca: stranger.cert }),
      "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
    );
    await assertHandshakeFails(construct(server.url), "UNABLE_TO_VERIFY_LEAF_SIGNATURE");
  });
});

describe("a client certificate", () => {
  const ways: Record<string, WebSocketOptions> = {
    "cert and key": { cert: client.cert, key: client.key },
    "cert and key as bytes": { cert: Buffer.from(client.cert), key: Buffer.from(client.key) },
    "cert and an encrypted key with its passphrase": {
      cert: client.cert,
      key: client.encryptedKey(passphrase),
      passphrase,
    },
    "pfx with its passphrase": { pfx: client.pkcs12(passphrase), passphrase },
    "pfx without a passphrase": { pfx: client.pkcs12("") },
  };
  for (const [what, options] of Object.entries(ways)) {
    test(`${what} lets us in`, async (t) => {
      const server = await strictServer(t);
      const socket = construct(server.url, { ca: authority.cert, ...options });
      const open = opened(socket);
      const peer = await server.accept();
      await open;
      assert.ok("getPeerCertificate" in peer.socket && typeof peer.socket.getPeerCertificate === "function");
      const certificate: PeerCertificate = peer.socket.getPeerCertificate();
      assert.equal(certificate.subject.CN, "a client");
    });
  }

  test("none: ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED", async (t) => {
    const server = await strictServer(t);
    await assertHandshakeFails(
      construct(server.url, { ca: authority.cert }),
      "ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED",
    );
  });

  // Node's server cuts the connection without an alert.
  test("one of an authority that the server doesn't know", async (t) => {
    const server = await strictServer(t);
    const { cert, key } = stranger.issue("a stranger");
    await assertHandshakeFails(
      construct(server.url, { ca: authority.cert, cert, key }),
      /^(ERR_SSL_\w+|ECONNRESET|ERR_WS_HANDSHAKE_CLOSED)$/,
    );
  });
});

describe("checkServerIdentity", () => {
  test("is asked in place of Node's own check", async (t) => {
    const server = await rawServer(t, { tls: authority.issue("pinned", ["other.example"]) });
    const asked: string[] = [];
    await connects(server, {
      servername: "whatever.example",
      checkServerIdentity: (host, certificate) => {
        asked.push(`${host} ${certificate.subject.CN}`);
        return undefined;
      },
    });
    assert.deepEqual(asked, ["whatever.example pinned"]);
  });

  test("what it returns ends the attempt, under its own code", async (t) => {
    const server = await rawServer(t, { tls: authority.issue() });
    const refusal = Object.assign(new Error("not the key that was pinned"), { code: "EPIN" });
    const socket = construct(server.url, { ca: authority.cert, checkServerIdentity: () => refusal });
    const error = await assertHandshakeFails(socket, "EPIN");
    assert.match(error.message, /not the key that was pinned/);
    assert.equal(error.cause, refusal);
  });
});

test("TLS that hangs: ERR_WS_HANDSHAKE_TIMEOUT", async (t) => {
  const server = await rawServer(t);
  const socket = construct(`wss://127.0.0.1:${server.port}`, { handshakeTimeout: 100 });
  const failing = assertHandshakeFails(socket, "ERR_WS_HANDSHAKE_TIMEOUT");
  const peer = await server.nextConnection();
  await failing;
  await peer.ended;
});

describe("what can't be used is refused at once, by name, and not shown", () => {
  const secret = "s3cr3t";
  const wrong: [name: string, options: unknown][] = [
    ["ca", { ca: "no certificate" }],
    ["ca", { ca: [authority.cert, secret] }],
    ["ca", { ca: 5 }],
    ["cert", { cert: secret, key: client.key }],
    ["cert", { cert: {} }],
    ["key", { cert: client.cert, key: secret }],
    ["key", { cert: client.cert, key: client.encryptedKey(passphrase) }],
    ["passphrase", { cert: client.cert, key: client.encryptedKey(passphrase), passphrase: secret }],
    ["key", { key: Symbol(secret) }],
    ["pfx", { pfx: secret }],
    ["pfx", { pfx: Buffer.from(secret) }],
    ["passphrase", { pfx: client.pkcs12(passphrase), passphrase: secret }],
    ["passphrase", { pfx: client.pkcs12(passphrase), passphrase: 5 }],
    ["passphrase", { passphrase: secret }],
    ["rejectUnauthorized", { rejectUnauthorized: "no" }],
    ["servername", { servername: 5 }],
    ["checkServerIdentity", { checkServerIdentity: "none" }],
  ];
  for (const [index, [name, options]] of wrong.entries()) {
    test(`${name} (${index})`, () => {
      assert.throws(
        () => construct("wss://localhost", options),
        (error) => {
          assert.ok(error instanceof TypeError);
          assert.match(error.message, new RegExp(`^The option .*\\b${name}\\b`));
          assertHides(error, secret, passphrase);
          return true;
        },
      );
    });
  }
});
