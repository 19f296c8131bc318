import assert from "node:assert/strict";
import { once } from "node:events";
import {
  constants,
  createSecureServer,
  type Http2SecureServer,
  type Http2ServerRequest,
  type ServerHttp2Session,
} from "node:http2";
import { after, before, describe, it } from "node:test";
import forge from "node-forge";
import { WebSocketServer } from "openline/server";
import { within } from "../guard.js";
import { cannotRun, launchChromium } from "./chromium.js";
import type { Browser, Page } from "./playwright.js";

const skipped = cannotRun === undefined ? "" : ` (skipped: ${cannotRun})`;

interface Line {
  readonly httpVersion: string;
  readonly session: unknown;
}

describe(`Chromium speaks WebSocket over HTTP/2 with our server${skipped}`, {
  skip: cannotRun ?? false,
}, () => {
  const lines: Line[] = [];
  const sessions = new Set<ServerHttp2Session>();
  let http: Http2SecureServer;
  let server: WebSocketServer;
  let browser: Browser;
  let page: Page;

  before(async () => {
    http = createSecureServer({ ...selfSignedCertificate(), allowHTTP1: true });
    http.on("session", (session: ServerHttp2Session) => sessions.add(session));
    server = new WebSocketServer({
      server: http,
      handleProtocols: (protocols) => (protocols.has("b") ? "b" : false),
    });
    http.on("request", (_request, response) => {
      response.setHeader("content-type", "text/html");
      response.end("<!doctype html><title>HTTP/2</title>");
    });
    server.on("connection", (socket, request) => {
      const { stream } = request as unknown as Http2ServerRequest;
      lines.push({ httpVersion: request.httpVersion, session: stream?.session });
      socket.binaryType = "arraybuffer";
      socket.onmessage = ({ data }) => {
        if (data === "cut") stream.close(constants.NGHTTP2_CANCEL);
        else socket.send(data as string | ArrayBuffer);
      };
    });
    http.listen(0, "localhost");
    await once(http, "listening");
    const address = http.address();
    assert.ok(address !== null && typeof address === "object");
    browser = await launchChromium(["--ignore-certificate-errors"]);
    page = await browser.newPage();
    // Chromium opens a WebSocket over HTTP/2 on a session that it has, and over HTTP/1.1 where it has none.
    await page.goto(`https://localhost:${address.port}/`);
  });

  after(async () => {
    await browser?.close();
    await server?.close();
    for (const session of sessions) session.destroy();
    http?.close();
  });

  /** Runs `body` in the page, with `open(protocols)`, `next(socket)` and `closed(socket)` in scope. */
  async function inPage(body: string): Promise<unknown> {
    const script = `(async () => {
      const open = (protocols = []) => new Promise((resolve, reject) => {
        const socket = new WebSocket("wss://" + location.host + "/line?a=b", protocols);
        socket.binaryType = "arraybuffer";
        socket.onopen = () => resolve(socket);
        socket.onerror = () => reject(new Error("error"));
      });
      const next = (socket) => new Promise((resolve) => { socket.onmessage = ({ data }) => resolve(data); });
      const closed = (socket) => new Promise((resolve) => {
        socket.onclose = ({ code, reason, wasClean }) => resolve([code, reason, wasClean]);
      });
      ${body}
    })()`;
    return within(page.evaluate(script), "the page");
  }

  it("opens, sends text and binary both ways, compressed, and closes cleanly", async () => {
    const seen = await inPage(`
      const socket = await open(["a", "b"]);
      const text = next(socket);
      socket.send("grüße ".repeat(1000));
      const bytes = new Uint8Array(200000).map((_, index) => index * 31);
      const sameText = (await text) === "grüße ".repeat(1000);
      const binary = next(socket);
      socket.send(bytes);
      const back = new Uint8Array(await binary);
      const sameBytes = back.length === bytes.length && back.every((byte, index) => byte === bytes[index]);
      const end = closed(socket);
      socket.close(3000, "bye");
      return { sameText, sameBytes, protocol: socket.protocol, extensions: socket.extensions, end: await end };
    `);
    assert.deepEqual(seen, {
      sameText: true,
      sameBytes: true,
      protocol: "b",
      extensions: "permessage-deflate",
      end: [3000, "bye", true],
    });
    assert.equal(lines.at(-1)?.httpVersion, "2.0");
  });

  it("has many on one session, and a reset closes one alone", async () => {
    const first = lines.length;
    const seen = await inPage(`
      const sockets = await Promise.all([1, 2, 3, 4].map(() => open()));
      const end = closed(sockets[0]);
      sockets[0].send("cut");
      const cut = await end;
      const answers = sockets.slice(1).map(next);
      sockets.slice(1).forEach((socket, index) => socket.send("n" + index));
      return { cut, answers: await Promise.all(answers) };
    `);
    assert.deepEqual(seen, { cut: [1006, "", false], answers: ["n0", "n1", "n2"] });
    const opened = lines.slice(first);
    assert.equal(opened.length, 4);
    assert.equal(new Set(opened.map(({ session }) => session)).size, 1);
    assert.ok(opened.every(({ httpVersion }) => httpVersion === "2.0"));
  });

  it("hears of the server's end", async () => {
    const ending = inPage(`return closed(await open());`);
    await within(once(server, "connection"), "a connection");
    await server.close();
    assert.deepEqual(await ending, [1001, "", true]);
  });
});

/** For localhost. Chromium is told to take it; it was made a moment ago, and so never expires in the repository. */
function selfSignedCertificate(): { key: string; cert: string } {
  const { privateKey, publicKey } = forge.pki.rsa.generateKeyPair({ bits: 2048 });
  const certificate = forge.pki.createCertificate();
  const day = 24 * 60 * 60 * 1000;
  certificate.publicKey = publicKey;
  certificate.serialNumber = "01";
  certificate.validity.notBefore = new Date(Date.now() - day);
  certificate.validity.notAfter = new Date(Date.now() + day);
  const name = [{ name: "commonName", value: "localhost" }];
  certificate.setSubject(name);
  certificate.setIssuer(name);
  certificate.setExtensions([{ name: "subjectAltName", altNames: [{ type: 2, value: "localhost" }] }]);
  certificate.sign(privateKey, forge.md.sha256.create());
  return { key: forge.pki.privateKeyToPem(privateKey), cert: forge.pki.certificateToPem(certificate) };
}
