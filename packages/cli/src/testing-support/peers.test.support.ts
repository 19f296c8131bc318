import { createHash } from "node:crypto";
import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import { createSecureServer } from "node:http2";
import { createServer as createHttpsServer } from "node:https";
import {
  type AddressInfo,
  connect,
  createServer as createTcpServer,
  type Server,
  type Socket,
} from "node:net";
import { after } from "node:test";
import type { WebSocket } from "openline";
import { WebSocketServer, type WebSocketServerOptions } from "openline/server";

/** What a peer's end is tied to: a test's context, or `suiteScope()`. */
export interface Scope {
  after(end: () => unknown): void;
}

/** For peers that all tests of a suite use; to be called where the suite is described. */
export function suiteScope(): Scope {
  const ends: (() => unknown)[] = [];
  after(async () => {
    for (const end of ends) await end();
  });
  return { after: (end) => ends.push(end) };
}

/** A WebSocket server and its URL. */
export interface ServerPeer {
  readonly url: string;
  readonly port: number;
  readonly server: WebSocketServer;
  /** Its connections, in the order in which they came; those that are over, too. */
  readonly sockets: WebSocket[];
}

/** A server that answers each message with the same one, unless `onConnection` does something else. */
export async function echoServer(
  scope: Scope,
  onConnection: (socket: WebSocket, request: import("node:http").IncomingMessage) => void = echo,
  options: Omit<WebSocketServerOptions, "port" | "server" | "noServer"> = {},
): Promise<ServerPeer> {
  const server = new WebSocketServer({ ...options, port: 0, host: "127.0.0.1" });
  await once(server, "listening");
  return peerOf(scope, server, portOf(server), "ws", onConnection);
}

/** The same over TLS, with a certificate that nobody knows; `cert` is its own authority. */
export async function secureEchoServer(
  scope: Scope,
  onConnection: (socket: WebSocket, request: import("node:http").IncomingMessage) => void = echo,
  tls: { requestCert?: boolean; ca?: string } = {},
): Promise<ServerPeer & { readonly cert: string; readonly key: string }> {
  const { cert, key } = await selfSignedCertificate();
  const https = createHttpsServer({ cert, key, ...tls, rejectUnauthorized: tls.requestCert === true });
  await listening(scope, https);
  const server = new WebSocketServer({ server: https });
  return { ...(await peerOf(scope, server, portOf(https), "wss", onConnection)), cert, key };
}

/** A server that takes WebSockets over HTTP/2 alone, and echoes. */
export async function http2EchoServer(scope: Scope): Promise<ServerPeer & { readonly cert: string }> {
  const { cert, key } = await selfSignedCertificate();
  const http2 = createSecureServer({ cert, key, settings: { enableConnectProtocol: true } });
  await listening(scope, http2);
  const server = new WebSocketServer({ server: http2 });
  return { ...peerOf(scope, server, portOf(http2), "wss", echo), cert };
}

/** An HTTP proxy that asks for these credentials; tells where it was asked to connect to. */
export async function httpProxy(
  scope: Scope,
  credentials: string,
): Promise<{ readonly port: number; readonly targets: string[] }> {
  const targets: string[] = [];
  const wanted = `Basic ${Buffer.from(credentials).toString("base64")}`;
  const proxy = createServer();
  proxy.on("connect", (request, socket: Socket) => {
    socket.on("error", () => {});
    if (request.headers["proxy-authorization"] !== wanted) {
      socket.end("HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic\r\n\r\n");
      return;
    }
    const target = request.url ?? "";
    targets.push(target);
    const { hostname, port } = new URL(`http://${target}`);
    const onward = connect(Number(port), hostname, () => {
      socket.write("HTTP/1.1 200 OK\r\n\r\n");
      onward.pipe(socket).pipe(onward);
    });
    onward.on("error", () => socket.destroy());
  });
  await listening(scope, proxy);
  return { port: portOf(proxy), targets };
}

/** A certificate for localhost and 127.0.0.1 that signs itself. */
export async function selfSignedCertificate(): Promise<{ cert: string; key: string }> {
  const { generate } = await import("selfsigned");
  const made = await generate([{ name: "commonName", value: "localhost" }], {
    keyType: "ec",
    extensions: [
      { name: "basicConstraints", cA: true, critical: true },
      {
        name: "subjectAltName",
        altNames: [
          { type: 2, value: "localhost" },
          { type: 7, ip: "127.0.0.1" },
        ],
      },
    ],
  });
  return { cert: `${made.cert.trimEnd()}\n`, key: `${made.private.trimEnd()}\n` };
}

function echo(socket: WebSocket): void {
  socket.binaryType = "arraybuffer";
  socket.onmessage = ({ data }) => socket.send(data as string | ArrayBuffer);
}

function peerOf(
  scope: Scope,
  server: WebSocketServer,
  port: number,
  scheme: "ws" | "wss",
  onConnection: (socket: WebSocket, request: import("node:http").IncomingMessage) => void,
): ServerPeer {
  const sockets: WebSocket[] = [];
  server.on("connection", (socket, request) => {
    sockets.push(socket);
    onConnection(socket, request);
  });
  scope.after(() => server.close());
  return { server, sockets, port, url: `${scheme}://127.0.0.1:${port}/` };
}

/** The URL of a port that nobody listens on. */
export async function refusingUrl(): Promise<string> {
  const server = createTcpServer();
  await once(server.listen(0, "127.0.0.1"), "listening");
  const port = portOf(server);
  await new Promise((resolve) => server.close(resolve));
  return `ws://127.0.0.1:${port}/`;
}

/** An HTTP server that answers a handshake, or anything else, as `answer` says. */
export async function httpServer(scope: Scope, answer: RequestListener): Promise<string> {
  const server = createServer(answer);
  await listening(scope, server);
  return `ws://127.0.0.1:${portOf(server)}/`;
}

/** A TCP server that does with each connection what `onConnection` says: silence, nonsense, an early end. */
export async function tcpServer(scope: Scope, onConnection: (socket: Socket) => void): Promise<string> {
  const server = createTcpServer(onConnection);
  await listening(scope, server);
  return `ws://127.0.0.1:${portOf(server)}/`;
}

/** A server whose opening handshake is right; what it then does with the bytes is up to `onOpen`. */
export async function handshakingServer(
  scope: Scope,
  onOpen: (socket: Socket) => void,
  headers = "",
): Promise<string> {
  return tcpServer(scope, (socket) => {
    let head = "";
    const onData = (chunk: Buffer): void => {
      head += chunk.toString("latin1");
      if (!head.includes("\r\n\r\n")) return;
      socket.off("data", onData);
      const [, key = ""] = /^sec-websocket-key: *(.*?) *$/im.exec(head) ?? [];
      const accept = createHash("sha1").update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest("base64");
      socket.write(
        `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n${headers}\r\n`,
      );
      onOpen(socket);
    };
    socket.on("data", onData);
  });
}

async function listening(scope: Scope, server: Server): Promise<void> {
  const sockets = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
    // Commands that end are cut off in the middle of things.
    socket.on("error", () => {});
  });
  server.on("tlsClientError", () => {});
  await once(server.listen(0, "127.0.0.1"), "listening");
  scope.after(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
}

function portOf(server: { address(): AddressInfo | string | null }): number {
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("a test's server listens on a port");
  return address.port;
}
