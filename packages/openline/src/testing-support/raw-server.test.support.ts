import { createHash } from "node:crypto";
import { once } from "node:events";
import { createServer, type Server, type Socket } from "node:net";
import type { TestContext } from "node:test";
import { createServer as createTlsServer, type TlsOptions } from "node:tls";
import { within } from "./guard.test.support.js";
import { type HttpHead, RawPeer } from "./raw-peer.test.support.js";

export type HeaderLines = readonly (readonly [name: string, value: string])[];

/** The value that answers a `Sec-WebSocket-Key`. [6455] 4.2.2 */
export function acceptValue(key: string): string {
  return createHash("sha1").update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest("base64");
}

/** The answer that switches to the WebSocket protocol; `changes` replace or, where undefined, leave out a header. */
export function switchingProtocols(
  request: HttpHead,
  changes: Readonly<Record<string, string | undefined>> = {},
  more: HeaderLines = [],
): Buffer {
  const headers: Record<string, string | undefined> = {
    Upgrade: "websocket",
    Connection: "Upgrade",
    "Sec-WebSocket-Accept": acceptValue(request.get("Sec-WebSocket-Key") ?? ""),
    ...changes,
  };
  const lines = Object.entries(headers)
    .filter((line): line is [string, string] => line[1] !== undefined)
    .concat(more.map(([name, value]) => [name, value]))
    .map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.from(`HTTP/1.1 101 Switching Protocols\r\n${lines.join("")}\r\n`, "latin1");
}

/** A TCP or TLS server whose connections do only what a test has them do. */
export class RawServer {
  readonly port: number;
  readonly url: string;
  /** How many TCP connections came in so far. */
  connections = 0;
  readonly #peers: RawPeer[] = [];
  readonly #waiting: ((peer: RawPeer) => void)[] = [];
  readonly #sockets = new Set<Socket>();
  readonly #server: Server;

  constructor(server: Server, scheme: "ws" | "wss") {
    const address = server.address();
    if (address === null || typeof address === "string") throw new Error("a raw server listens on a port");
    this.port = address.port;
    this.url = `${scheme}://127.0.0.1:${address.port}`;
    this.#server = server;
    server.on("connection", (socket: Socket) => {
      this.#sockets.add(socket);
      socket.once("close", () => this.#sockets.delete(socket));
      socket.on("error", () => {});
    });
    server.on(scheme === "wss" ? "secureConnection" : "connection", (socket: Socket) => {
      this.connections += 1;
      const peer = new RawPeer(socket);
      const waiting = this.#waiting.shift();
      if (waiting === undefined) this.#peers.push(peer);
      else waiting(peer);
    });
    server.on("tlsClientError", () => {});
  }

  /** The next connection, before anything is read of it. */
  async nextConnection(): Promise<RawPeer> {
    const ready = this.#peers.shift();
    if (ready !== undefined) return ready;
    return within(new Promise<RawPeer>((resolve) => this.#waiting.push(resolve)), "a connection");
  }

  /** The next connection that sent a whole request, still unanswered. */
  async nextRequest(): Promise<{ peer: RawPeer; request: HttpHead }> {
    const peer = await this.nextConnection();
    return { peer, request: await within(peer.head, "the request of the opening handshake") };
  }

  /** Answers the next request with a correct handshake; `frames` go out in the same packet. */
  async accept(
    changes: Readonly<Record<string, string | undefined>> = {},
    frames: readonly Uint8Array[] = [],
  ): Promise<RawPeer> {
    const { peer, request } = await this.nextRequest();
    peer.send(switchingProtocols(request, changes), ...frames);
    return peer;
  }

  close(): void {
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
  }
}

/** A raw server on a free port of 127.0.0.1, gone with the end of the test. */
export async function rawServer(
  context: TestContext,
  options: { tls?: TlsOptions } = {},
): Promise<RawServer> {
  // A connection whose other side has ended stays open for writing: the tests decide when it ends.
  const server =
    options.tls === undefined
      ? createServer({ allowHalfOpen: true })
      : createTlsServer({ ...options.tls, allowHalfOpen: true });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const raw = new RawServer(server, options.tls === undefined ? "ws" : "wss");
  context.after(() => raw.close());
  return raw;
}
