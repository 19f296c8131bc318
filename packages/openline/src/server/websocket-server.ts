import { EventEmitter } from "node:events";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { ServerHttp2Stream } from "node:http2";
import type { Duplex } from "node:stream";
import { CloseCode } from "../protocol/close-code.js";
import {
  type AcceptableRequest,
  buildResponse,
  checkConnectRequest,
  checkRequest,
  type Refusal,
  refusal,
} from "../protocol/opening-handshake-server.js";
import { acceptConnection, sessionOf, type WebSocket } from "../websocket/websocket.js";
import { takeExtendedConnect } from "./extended-connect.js";
import { acceptStream, refuse, refuseStream, switchProtocols } from "./http-answer.js";
import {
  readServerSettings,
  type UpgradeSource,
  type WebSocketServerOptions,
  type WebSocketServerSettings,
} from "./server-options.js";

/** The events of a `WebSocketServer` and what their listeners get. */
export interface WebSocketServerEvents {
  /** The port is open. */
  listening: [];
  /**
   * A client has connected. The socket is OPEN, and its first message comes in a later task. Over HTTP/2 the request is
   * an `Http2ServerRequest`, with the members of an `IncomingMessage`.
   */
  connection: [socket: WebSocket, request: IncomingMessage];
  /** The port could not be opened, or the HTTP server failed. */
  error: [error: Error];
  /** `close()` is through: every connection is gone. */
  close: [];
}

/**
 * The other end of the line: takes WebSocket connections, each as the same `WebSocket` object that a client has.
 * [6455] 4.2
 */
export class WebSocketServer extends EventEmitter<WebSocketServerEvents> {
  /** The connections that are not closed yet. */
  readonly clients: ReadonlySet<WebSocket>;
  readonly #clients = new Set<WebSocket>();
  readonly #settings: WebSocketServerSettings;
  /** The HTTP server that we have started ourselves. */
  readonly #ownServer: Server | undefined;
  /** Takes no more of the requests of a server that was given. */
  #leaveServer: (() => void) | undefined;
  #closed: Promise<void> | undefined;

  /**
   * @param options exactly one of `port`, `server` and `noServer`, and how to treat the connections.
   * @throws TypeError that names a wrong option, its value and what was expected.
   */
  constructor(options: WebSocketServerOptions) {
    super();
    this.#settings = readServerSettings(options);
    this.clients = this.#clients;
    const { listen, server } = this.#settings;
    if (server !== undefined) this.#leaveServer = this.#join(server);
    if (listen === undefined) return;
    this.#ownServer = createServer((_request, response) => {
      response.writeHead(426, { "Content-Type": "text/plain; charset=utf-8", Upgrade: "websocket" });
      response.end("This server speaks WebSocket only\n");
    });
    this.#ownServer.on("upgrade", this.#onUpgrade);
    this.#ownServer.on("listening", () => this.emit("listening"));
    this.#ownServer.on("error", (error) => this.emit("error", error));
    this.#ownServer.listen(listen);
  }

  /** Takes the requests of a server that was given; the result ends that. */
  #join(server: NonNullable<WebSocketServerSettings["server"]>): () => void {
    (server as UpgradeSource).on("upgrade", this.#onUpgrade);
    const leaveHttp2 =
      "updateSettings" in server ? takeExtendedConnect(server, this.#onExtendedConnect) : undefined;
    return () => {
      (server as UpgradeSource).off("upgrade", this.#onUpgrade);
      leaveHttp2?.();
    };
  }

  readonly #onExtendedConnect = (stream: ServerHttp2Stream, request: IncomingMessage): void => {
    const acceptable = this.#check(request, checkConnectRequest(request.headers));
    if ("status" in acceptable) {
      refuseStream(stream, acceptable);
      return;
    }
    const answer = this.#agree(acceptable, request, (why) => refuseStream(stream, why));
    acceptStream(stream, answer.headers);
    this.#accept(stream, Buffer.alloc(0), answer, request);
  };

  readonly #onUpgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    this.handleUpgrade(request, socket, head);
  };

  /** The address that the server listens on, as `node:net` gives it; `null` while there is none. */
  address(): ReturnType<Server["address"]> {
    return (this.#ownServer ?? this.#settings.server)?.address() ?? null;
  }

  /**
   * Takes an `upgrade` of an HTTP server: a good one becomes a connection, any other gets its HTTP answer.
   * @param head the bytes that came with the request.
   */
  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    // A client that has gone while the program was thinking about its request.
    if (socket.destroyed || !socket.writable) {
      socket.destroy();
      return;
    }
    const acceptable = this.#check(request, checkRequest(request));
    if ("status" in acceptable) {
      refuse(socket, acceptable);
      return;
    }
    const answer = this.#agree(acceptable, request, (why) => refuse(socket, why));
    switchProtocols(socket, answer.headers);
    this.#accept(socket, head, answer, request);
  }

  #agree(
    acceptable: AcceptableRequest,
    request: IncomingMessage,
    refuseWith: (refusal: Refusal) => void,
  ): ReturnType<typeof buildResponse> {
    try {
      const subprotocol = this.#chooseSubprotocol(acceptable.subprotocols, request);
      return buildResponse(acceptable, subprotocol, this.#settings.perMessageDeflate);
    } catch (error) {
      refuseWith(refusal(500, "The server failed to choose a subprotocol"));
      throw error;
    }
  }

  #accept(
    socket: Duplex,
    head: Buffer,
    { headers, handshake }: ReturnType<typeof buildResponse>,
    request: IncomingMessage,
  ): void {
    const { method = "GET", httpVersion, rawHeaders } = request;
    const client = acceptConnection(urlOf(request), socket, head, handshake, this.#settings, {
      request: { method, headers: rawHeaders },
      response: { status: method === "GET" ? 101 : 200, httpVersion, headers: headers.flat() },
    });
    this.#clients.add(client);
    client.addEventListener("close", () => this.#clients.delete(client));
    this.emit("connection", client, request);
  }

  /**
   * Takes no more connections, ends every open one with 1001, and resolves when all are gone. An HTTP server that was
   * given stays open.
   */
  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    this.#leaveServer?.();
    const server = this.#ownServer;
    const stopped =
      server === undefined ? undefined : new Promise<void>((resolve) => server.close(() => resolve()));
    // Connections that never became a WebSocket: nobody waits for the rest of their requests.
    server?.closeAllConnections();
    await Promise.all(Array.from(this.#clients, goAway));
    await stopped;
    this.emit("close");
  }

  /** [6455] 4.2.1, and then what this server's options ask for. */
  #check(request: IncomingMessage, acceptable: AcceptableRequest | Refusal): AcceptableRequest | Refusal {
    if (this.#closed !== undefined) return refusal(503, "The server is closing");
    if ("status" in acceptable) return acceptable;
    const { path, allowedOrigins } = this.#settings;
    if (path !== undefined && request.url?.split("?", 1)[0] !== path) {
      return refusal(404, "There is nothing at this path");
    }
    const { origin } = request.headers;
    if (allowedOrigins !== undefined && origin !== undefined && !allowedOrigins.has(origin)) {
      return refusal(403, `The origin ${JSON.stringify(origin)} is not allowed`);
    }
    return acceptable;
  }

  #chooseSubprotocol(subprotocols: ReadonlySet<string>, request: IncomingMessage): string {
    const [first] = subprotocols;
    if (first === undefined) return "";
    const { handleProtocols } = this.#settings;
    if (handleProtocols === undefined) return first;
    const chosen = handleProtocols(subprotocols, request);
    if (chosen === false) return "";
    if (subprotocols.has(chosen)) return chosen;
    throw new TypeError(`handleProtocols chose ${JSON.stringify(chosen)}, which the client did not ask for`);
  }
}

/** Ends a connection with 1001 and waits until it is gone. */
function goAway(client: WebSocket): Promise<void> {
  return new Promise((resolve) => {
    client.addEventListener("close", () => resolve());
    sessionOf(client).goAway(CloseCode.GoingAway, "");
  });
}

/** The URL that a client has asked for, as far as its request tells. */
function urlOf(request: IncomingMessage): URL {
  const { ":scheme": http2Scheme, ":authority": authority } = request.headers;
  const isSecure = http2Scheme === undefined ? "encrypted" in request.socket : http2Scheme === "https";
  const scheme = isSecure ? "wss" : "ws";
  const host = authority ?? request.headers.host ?? "localhost";
  const text = `${scheme}://${host}${request.url ?? "/"}`;
  return new URL(URL.canParse(text) ? text : `${scheme}://localhost/`);
}
