import { once } from "node:events";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { WebSocketServer, type WebSocketServerOptions } from "../server/index.js";
import type { WebSocket } from "../websocket/websocket.js";
import { resetSocket } from "./reset-socket.js";

/** What `RestartingServer.start` takes: what becomes of each connection, and the server's options. */
export interface RestartingServerOptions
  extends Omit<WebSocketServerOptions, "port" | "host" | "server" | "noServer"> {
  /** Gets each connection, as a listener of the server's `connection` event does. */
  readonly onConnection: (socket: WebSocket, request: IncomingMessage) => void;
}

/** A `WebSocketServer` that can be stopped, or crash, and that comes back on the same port. */
export class RestartingServer {
  readonly #options: RestartingServerOptions;
  #http: Server | undefined;
  #webSocket: WebSocketServer | undefined;
  readonly #sockets = new Set<Socket>();
  #port = 0;

  private constructor(options: RestartingServerOptions) {
    this.#options = options;
  }

  /** Listens on a free port of 127.0.0.1, and resolves once it does. */
  static async start(options: RestartingServerOptions): Promise<RestartingServer> {
    const server = new RestartingServer(options);
    await server.start();
    return server;
  }

  /** The port, the same after each restart. */
  get port(): number {
    return this.#port;
  }

  /** The URL to connect to. */
  get url(): string {
    return `ws://127.0.0.1:${this.#port}/`;
  }

  /** The connections of the running server; empty while there is none. */
  get clients(): ReadonlySet<WebSocket> {
    return this.#webSocket?.clients ?? new Set();
  }

  /** Comes back on the same port. */
  async start(): Promise<void> {
    if (this.#http !== undefined) throw new Error("The server is running");
    const { onConnection, ...options } = this.#options;
    const http = createServer((_request, response) => response.writeHead(426).end());
    this.#http = http;
    http.on("connection", (socket) => {
      this.#sockets.add(socket);
      socket.on("close", () => this.#sockets.delete(socket));
    });
    this.#webSocket = new WebSocketServer({ ...options, server: http });
    this.#webSocket.on("connection", onConnection);
    await once(http.listen(this.#port, "127.0.0.1"), "listening");
    this.#port = (http.address() as AddressInfo).port;
  }

  /** Stops as a server should: every client is told 1001. */
  async stop(): Promise<void> {
    const { http, webSocket } = this.#taken();
    const closed = new Promise((resolve) => http.close(resolve));
    await webSocket.close();
    http.closeAllConnections();
    await closed;
  }

  /** Stops as a server shouldn't: all connections are reset. */
  async crash(): Promise<void> {
    const { http, webSocket } = this.#taken();
    const closed = new Promise((resolve) => http.close(resolve));
    for (const socket of this.#sockets) resetSocket(socket);
    await Promise.all([closed, webSocket.close()]);
  }

  #taken(): { http: Server; webSocket: WebSocketServer } {
    const http = this.#http;
    const webSocket = this.#webSocket;
    if (http === undefined || webSocket === undefined) throw new Error("The server is not running");
    this.#http = undefined;
    this.#webSocket = undefined;
    return { http, webSocket };
  }
}
