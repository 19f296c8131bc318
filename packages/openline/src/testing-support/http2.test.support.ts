import assert from "node:assert/strict";
import { once } from "node:events";
import {
  createSecureServer,
  createServer,
  type Http2SecureServer,
  type Http2Server,
  type IncomingHttpHeaders,
  type SecureServerOptions,
  type ServerHttp2Session,
  type ServerHttp2Stream,
  type ServerOptions,
} from "node:http2";
import type { TestContext } from "node:test";
import { WebSocketServer, type WebSocketServerOptions } from "../server/index.js";
import { Authority } from "./authority.test.support.js";

export const http2Authority = new Authority();
const certificate = http2Authority.issue();

/** Node's HTTP/2 server, and what a test wants to know of it. */
export interface Http2Line {
  readonly http: Http2Server | Http2SecureServer;
  readonly sessions: Set<ServerHttp2Session>;
  /** TCP connections so far. */
  readonly connections: () => number;
  readonly port: number;
  /** `wss:` where there is TLS. */
  readonly url: string;
}

/** Node's HTTP/2 server on a free port, by default over TLS, gone with the end of the test. */
export async function http2Server(
  context: TestContext,
  options: SecureServerOptions & ServerOptions & { readonly plain?: boolean } = {},
): Promise<Http2Line> {
  const { plain = false, ...settings } = options;
  const http = plain ? createServer(settings) : createSecureServer({ ...certificate, ...settings });
  const sessions = new Set<ServerHttp2Session>();
  let connections = 0;
  http.on("connection", () => {
    connections += 1;
  });
  http.on("session", (session: ServerHttp2Session) => {
    sessions.add(session);
    session.on("error", () => {});
    session.once("close", () => sessions.delete(session));
  });
  http.listen(0, "127.0.0.1");
  await once(http, "listening");
  const address = http.address();
  assert.ok(address !== null && typeof address === "object");
  const { port } = address;
  context.after(() => {
    for (const session of sessions) session.destroy();
    http.close();
  });
  return {
    http,
    sessions,
    connections: () => connections,
    port,
    url: `${plain ? "ws" : "wss"}://localhost:${port}`,
  };
}

/** The same with a `WebSocketServer` that sends every message back. */
export async function http2EchoServer(
  context: TestContext,
  options: Parameters<typeof http2Server>[1] = {},
  more: WebSocketServerOptions = {},
): Promise<Http2Line & { readonly server: WebSocketServer }> {
  const line = await http2Server(context, options);
  const server = new WebSocketServer({ server: line.http, closeTimeout: 500, ...more });
  context.after(() => server.close());
  server.on("connection", (socket) => {
    socket.binaryType = "arraybuffer";
    socket.addEventListener("message", ({ data }) => socket.send(data as string | ArrayBuffer));
  });
  return { ...line, server };
}

/** A server that answers extended CONNECT as `serve` says. */
export async function http2RawServer(
  context: TestContext,
  serve: (stream: ServerHttp2Stream, headers: IncomingHttpHeaders) => void,
  options: Parameters<typeof http2Server>[1] = {},
): Promise<Http2Line> {
  const line = await http2Server(context, { settings: { enableConnectProtocol: true }, ...options });
  line.http.on("stream", (stream: ServerHttp2Stream, headers: IncomingHttpHeaders) => {
    stream.on("error", () => {});
    serve(stream, headers);
  });
  return line;
}
