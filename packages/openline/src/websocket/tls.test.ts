import assert from "node:assert/strict";
import { describe, type TestContext, test } from "node:test";
import type { TLSSocket } from "node:tls";
import {
  type CertificateSubject,
  selfSignedCertificate,
} from "../testing-support/certificate.test.support.js";
import { text } from "../testing-support/frames.test.support.js";
import { rawServer } from "../testing-support/raw-server.test.support.js";
import {
  assertHandshakeFails,
  construct,
  nextData,
  opened,
} from "../testing-support/sockets.test.support.js";

async function tlsServer(t: TestContext, subject: CertificateSubject = {}) {
  const certificate = selfSignedCertificate(subject);
  return { certificate, server: await rawServer(t, { tls: certificate }) };
}

describe("wss:", () => {
  test("a certificate that signs itself: DEPTH_ZERO_SELF_SIGNED_CERT", async (t) => {
    const { server } = await tlsServer(t);
    const error = await assertHandshakeFails(construct(server.url), "DEPTH_ZERO_SELF_SIGNED_CERT");
    assert.match(error.message, /self[- ]signed/);
  });

  test("a certificate for another host: ERR_TLS_CERT_ALTNAME_INVALID", async (t) => {
    const { server, certificate } = await tlsServer(t, { dnsNames: ["other.example"], addresses: [] });
    const socket = construct(server.url, { ca: certificate.cert });
    await assertHandshakeFails(socket, "ERR_TLS_CERT_ALTNAME_INVALID");
  });

  test("an expired certificate: CERT_HAS_EXPIRED", async (t) => {
    const { server, certificate } = await tlsServer(t, {
      notBefore: new Date("2020-01-01"),
      notAfter: new Date("2020-01-02"),
    });
    await assertHandshakeFails(construct(server.url, { ca: certificate.cert }), "CERT_HAS_EXPIRED");
  });

  test("a server that speaks no TLS", async (t) => {
    const server = await rawServer(t);
    const failing = assertHandshakeFails(
      construct(server.url.replace("ws:", "wss:")),
      /^(EPROTO|ERR_SSL_\w+)$/,
    );
    const peer = await server.nextConnection();
    peer.socket.write("HTTP/1.1 400 Bad Request\r\n\r\n");
    await failing;
  });

  test("ws: to a server that speaks TLS fails", async (t) => {
    const { server } = await tlsServer(t);
    await assertHandshakeFails(construct(server.url.replace("wss:", "ws:")), /./);
  });

  for (const [what, options] of [
    ["ca", (cert: string) => ({ ca: cert })],
    ["rejectUnauthorized: false", () => ({ rejectUnauthorized: false })],
  ] as const) {
    test(`connects with ${what}`, async (t) => {
      const { server, certificate } = await tlsServer(t);
      const socket = construct(server.url, options(certificate.cert));
      const open = opened(socket);
      const peer = await server.accept();
      await open;
      assert.equal((await peer.head).get("Host"), `127.0.0.1:${server.port}`);
      assert.equal(socket.url, `${server.url}/`);
      peer.send(text("private"));
      assert.equal(await nextData(socket), "private");
      socket.send("back");
      assert.equal((await peer.nextFrame()).payload.toString(), "back");
    });
  }

  test("messages carry the origin with its scheme", async (t) => {
    const { server, certificate } = await tlsServer(t);
    const socket = construct(server.url, { ca: certificate.cert });
    const origin = new Promise((resolve) => {
      socket.onmessage = (event) => resolve(event.origin);
    });
    await server.accept({}, [text("x")]);
    assert.equal(await origin, server.url);
  });

  test("names the host to the server: from the URL, or from servername", async (t) => {
    const { server, certificate } = await tlsServer(t, { dnsNames: ["localhost", "other.example"] });
    const url = `wss://localhost:${server.port}`;
    for (const [options, expected] of [
      [{}, "localhost"],
      [{ servername: "other.example" }, "other.example"],
    ] as const) {
      const socket = construct(url, { ca: certificate.cert, ...options });
      const open = opened(socket);
      const peer = await server.accept();
      await open;
      assert.equal((peer.socket as TLSSocket & { servername?: unknown }).servername, expected);
    }
  });
});
