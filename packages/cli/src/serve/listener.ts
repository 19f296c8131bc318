import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import { createSecureServer } from "node:http2";
import { isIPv6, type Server, type Socket } from "node:net";
import type { PerMessageDeflateOptions } from "openline";
import { WebSocketServer } from "openline/server";
import { FailureError } from "../exit.js";
import { whyNotListening } from "../why-not-listening.js";
import type { Certificate } from "./certificate.js";

export interface ListenerSettings {
  readonly host: string;
  readonly port: number;
  /** With it, it's `wss:`, over HTTP/1.1 and HTTP/2. */
  readonly certificate: Certificate | undefined;
  /** The subprotocols that the server speaks; undefined for any. */
  readonly subprotocols: readonly string[] | undefined;
  /** The origins that pages may connect from; undefined for any. */
  readonly origins: readonly string[] | undefined;
  readonly perMessageDeflate: PerMessageDeflateOptions | false;
}

/** A WebSocket server on a port. */
export interface Listener {
  readonly url: string;
  readonly server: WebSocketServer;
  /** Ends each connection with 1001, and resolves when all is closed. */
  close(): Promise<void>;
}

/** A client that doesn't answer holds up the end of the command for no longer. */
const closeTimeout = 2_000;

/** @throws FailureError that says why the port can't be had. */
export async function listen(settings: ListenerSettings): Promise<Listener> {
  const { host, port, certificate, subprotocols, origins, perMessageDeflate } = settings;
  let url = "";
  const explain: RequestListener = (_request, response) => {
    response.writeHead(426, { "Content-Type": "text/plain; charset=utf-8" });
    response.end(`This is a WebSocket server. Connect to ${url}\n`);
  };
  const http =
    certificate === undefined
      ? createServer(explain)
      : createSecureServer({ ...certificate, allowHTTP1: true }, (request, response) => {
          explain(request as never, response as never);
        });
  const sockets = trackSockets(http);
  const server = new WebSocketServer({
    server: http,
    closeTimeout,
    perMessageDeflate,
    ...(origins === undefined ? {} : { allowedOrigins: origins }),
    ...(subprotocols === undefined ? {} : { handleProtocols: (asked) => choose(subprotocols, asked) }),
  });
  await open(http, host, port);
  url = urlOf(http, host, certificate === undefined ? "ws" : "wss");
  return {
    url,
    server,
    async close() {
      http.close();
      await server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

/** The server's first that the client has asked for. */
function choose(subprotocols: readonly string[], asked: ReadonlySet<string>): string | false {
  return subprotocols.find((name) => asked.has(name)) ?? false;
}

/** The connections below, those that never became a WebSocket as well. */
function trackSockets(http: Server): ReadonlySet<Socket> {
  const sockets = new Set<Socket>();
  http.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });
  return sockets;
}

async function open(http: Server, host: string, port: number): Promise<void> {
  http.listen({ host, port });
  try {
    await once(http, "listening");
  } catch (error) {
    throw new FailureError(whyNotListening(error as NodeJS.ErrnoException, host, port));
  }
}

/** Where a client of this machine reaches it. */
function urlOf(http: Server, host: string, scheme: "ws" | "wss"): string {
  const address = http.address();
  if (address === null || typeof address === "string") throw new Error("the server listens on a port");
  const reachable = host === "0.0.0.0" ? "127.0.0.1" : host === "::" ? "::1" : host;
  return `${scheme}://${isIPv6(reachable) ? `[${reachable}]` : reachable}:${address.port}/`;
}
