import { EventEmitter } from "node:events";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { ServerHttp2Stream } from "node:http2";
import type { Duplex } from "node:stream";
import { CloseCode } from "../protocol/close-code.js";
import type { Handshake } from "../protocol/opening-handshake.js";
import {
  type AcceptableRequest,
  buildResponse,
  checkConnectRequest,
  checkRequest,
  type Refusal,
  refusal,
  SentResponse,
} from "../protocol/opening-handshake-server.js";
import { acceptConnection, sessionOf, type WebSocket } from "../websocket/websocket.js";
import { takeExtendedConnect } from "./extended-connect.js";
import { acceptStream, answer, refuse, refuseStream, switchProtocols } from "./http-answer.js";
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
  /** Told when no connection is left, once the server is closing. */
  #lastGone: (() => void) | undefined;

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
    this.#ownServer = createServer((request, response) => {
      // Node calls it an upgrade only with both headers: what comes here lacks one of them.
      const refused = this.#check(request, checkRequest(request));
      answer(
        response,
        "status" in refused ? refused : refusal(400, "The request does not ask for an upgrade"),
      );
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
    this.#accept(stream, Buffer.alloc(0), answer.handshake, request, undefined);
  };

  readonly #onUpgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    if (!this.#isForAnother(request)) this.handleUpgrade(request, socket, head);
  };

  /** Whether the request is for another path, and another listener of the server that was given may serve that. */
  #isForAnother(request: IncomingMessage): boolean {
    const { path, server } = this.#settings;
    if (path === undefined || server === undefined || pathOf(request) === path) return false;
    return (server as UpgradeSource).listenerCount("upgrade") > 1;
  }

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
    if (!socket.readable || !socket.writable) {
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
    this.#accept(socket, head, answer.handshake, request, acceptable.key);
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
    handshake: Handshake,
    request: IncomingMessage,
    key: string | undefined,
  ): void {
    const { method = "GET", rawHeaders } = request;
    // The caller's bytes stay as they are: frames are unmasked where they lie.
    const firstBytes = Buffer.from(head);
    const exchange = {
      request: { method, headers: rawHeaders },
      response: new SentResponse(key, handshake),
    };
    const client = acceptConnection(
      urlOf(request),
      socket,
      firstBytes,
      handshake,
      this.#settings,
      exchange,
      this.#clientClosed,
    );
    this.#clients.add(client);
    this.emit("connection", client, request);
  }

  /** Before the client's `close` event: no listener can keep us from it. One function for all of them. */
  readonly #clientClosed = (client: WebSocket): void => {
    this.#clients.delete(client);
    if (this.#clients.size === 0) this.#lastGone?.();
  };

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
    const gone = new Promise<void>((resolve) => {
      this.#lastGone = resolve;
    });
    for (const client of this.#clients) sessionOf(client).goAway(CloseCode.GoingAway, "");
    if (this.#clients.size > 0) await gone;
    await stopped;
    this.emit("close");
  }

  /** [6455] 4.2.1, and then what this server's options ask for. */
  #check(request: IncomingMessage, acceptable: AcceptableRequest | Refusal): AcceptableRequest | Refusal {
    if (this.#closed !== undefined) return refusal(503, "The server is closing");
    if ("status" in acceptable) return acceptable;
    const { path, allowedOrigins } = this.#settings;
    if (path !== undefined && pathOf(request) !== path) {
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

/** The URL that a client has asked for, as far as its request tells. */
function urlOf(request: IncomingMessage): URL {
  const { ":scheme": http2Scheme, ":authority": authority } = request.headers;
  const isSecure = http2Scheme === undefined ? "encrypted" in request.socket : http2Scheme === "https";
  const scheme = isSecure ? "wss" : "ws";
  const host = authority ?? request.headers.host ?? "localhost";
  const text = `${scheme}://${host}${targetOf(request)}`;
  const url = new URL(URL.canParse(text) ? text : `${scheme}://localhost/`);
  // A Host header or a path may hold what belongs to neither.
  url.username = url.password = url.hash = "";
  return url;
}

/** Path and query of a request; its target may also be a whole URL. [6455] 4.2.1 */
function targetOf({ url = "/" }: IncomingMessage): string {
  if (url.startsWith("/") || !URL.canParse(url)) return url;
  const { pathname, search } = new URL(url);
  return pathname + search;
}

function pathOf(request: IncomingMessage): string | undefined {
  return targetOf(request).split("?", 1)[0];
}
