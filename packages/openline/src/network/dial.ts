import { type ClientRequest, request as httpRequest, type IncomingMessage } from "node:http";
import { request as httpsRequest } from "node:https";
import { connect as connectTcp, isIP } from "node:net";
import type { Duplex } from "node:stream";
import { connect as connectTls, type ConnectionOptions as TlsOptions } from "node:tls";
import { CloseCode } from "../protocol/close-code.js";
import { ConnectionError, type ConnectionErrorCode } from "../protocol/connection-error.js";
import type { Handshake } from "../protocol/opening-handshake.js";
import {
  buildRequestHeaders,
  checkResponse,
  type HandshakeOffer,
} from "../protocol/opening-handshake-client.js";
import { isBlockedPort } from "./blocked-ports.js";
import type { HandshakeRequest, HandshakeResponse } from "./handshake-exchange.js";
import { takeTurn } from "./handshake-queue.js";
import { toNetworkError } from "./network-error.js";

/** The TLS settings that a program may choose; names and meaning are those of `node:tls`. */
export type TlsSettings = Pick<TlsOptions, "ca" | "cert" | "key" | "rejectUnauthorized" | "servername">;

export interface DialOptions extends HandshakeOffer {
  /** With the scheme `ws:` or `wss:`. */
  readonly url: URL;
  /** The program's own headers, checked. */
  readonly headers: readonly (readonly [string, string])[];
  /** Milliseconds for the whole opening handshake, TCP and TLS included. */
  readonly handshakeTimeout: number;
  readonly tls: TlsSettings;
}

/** How a dial ends: with one of the two, and never within the call that began it. */
export interface DialHandler {
  /** The request is about to leave. */
  requesting(request: HandshakeRequest): void;
  /** The server has answered, whatever it may be. */
  answered(response: HandshakeResponse): void;
  /** @param head bytes that came with the answer: they belong to the first frames. */
  connected(socket: Duplex, head: Buffer, handshake: Handshake): void;
  failed(error: Error): void;
}

/** One attempt to open a connection: from the URL to the end of the opening handshake. [6455] 4.1 */
export class Dial {
  readonly #options: DialOptions;
  readonly #handler: DialHandler;
  #endTurn: (() => void) | undefined;
  #request: ClientRequest | undefined;
  #timer: NodeJS.Timeout | undefined;
  #over = false;

  constructor(options: DialOptions, handler: DialHandler) {
    this.#options = options;
    this.#handler = handler;
    const { url } = options;
    if (isBlockedPort(portOf(url))) {
      const error = failed(
        "ERR_WS_BLOCKED_PORT",
        `Port ${portOf(url)} is blocked: it belongs to another protocol`,
      );
      setImmediate(() => this.#fail(error));
      return;
    }
    this.#endTurn = takeTurn(`${url.hostname}:${portOf(url)}`, () => this.#start());
  }

  /** Gives the attempt up. The handler hears of it as of any failure. */
  abort(): void {
    const error = failed("ERR_WS_HANDSHAKE_ABORTED", "The connection was closed before it was established");
    setImmediate(() => this.#fail(error));
  }

  #start(): void {
    const { url, handshakeTimeout } = this.#options;
    const { headers, key } = buildRequestHeaders(this.#options);
    const secure = url.protocol === "wss:";
    this.#timer = setTimeout(() => {
      this.#fail(
        failed("ERR_WS_HANDSHAKE_TIMEOUT", `The opening handshake took more than ${handshakeTimeout} ms`),
      );
    }, handshakeTimeout);
    const requestHeaders = this.#requestHeaders(headers);
    this.#handler.requesting({ method: "GET", headers: requestHeaders });
    const request = (secure ? httpsRequest : httpRequest)({
      method: "GET",
      path: url.pathname + url.search,
      headers: requestHeaders,
      createConnection: () => (secure ? this.#connectTls() : connectTcp(addressOf(url))),
    });
    this.#request = request;
    request.on("upgrade", (response, socket, head) => this.#upgraded(response, socket, head, key));
    request.on("response", (response) => this.#answered(response, key));
    // A 101 that lacks its Upgrade header counts as a mere announcement for Node's parser.
    request.on("information", ({ statusCode }) => {
      if (statusCode === 101) {
        this.#fail(
          failed(
            "ERR_WS_HANDSHAKE_UPGRADE",
            "The server answered with status 101 but without an Upgrade header",
          ),
        );
      }
    });
    request.on("error", (error) => this.#fail(toHandshakeError(error) ?? toNetworkError(error, url)));
    request.end();
  }

  #connectTls(): Duplex {
    const { url, tls } = this.#options;
    const address = addressOf(url);
    return connectTls({
      ALPNProtocols: ["http/1.1"],
      // [6455] 4.1: server name indication; a bare address has no name to indicate.
      servername: isIP(address.host) === 0 ? address.host : "",
      ...tls,
      ...address,
    });
  }

  /** All headers as one flat list, which Node sends as it is. */
  #requestHeaders(own: readonly (readonly [string, string])[]): string[] {
    const { url, headers } = this.#options;
    const list = [["Host", url.host] as const, ...own, ...headers];
    const chosen = headers.some(([name]) => name.toLowerCase() === "authorization");
    if ((url.username !== "" || url.password !== "") && !chosen) {
      const userinfo = `${percentDecode(url.username)}:${percentDecode(url.password)}`;
      list.push(["Authorization", `Basic ${Buffer.from(userinfo).toString("base64")}`]);
    }
    return list.flat();
  }

  #upgraded(response: IncomingMessage, socket: Duplex, head: Buffer, key: string): void {
    if (this.#over) {
      socket.destroy();
      return;
    }
    this.#tellAnswer(response);
    try {
      const handshake = checkResponse(response.statusCode ?? 0, response.headers, key, this.#options);
      this.#end();
      this.#handler.connected(socket, head, handshake);
    } catch (error) {
      if (!(error instanceof ConnectionError)) throw error;
      socket.destroy();
      this.#fail(error);
    }
  }

  #answered(response: IncomingMessage, key: string): void {
    this.#tellAnswer(response);
    try {
      checkResponse(response.statusCode ?? 0, response.headers, key, this.#options);
    } catch (error) {
      if (!(error instanceof ConnectionError)) throw error;
      this.#fail(error);
    }
  }

  #tellAnswer({ statusCode, httpVersion, rawHeaders }: IncomingMessage): void {
    if (this.#over) return;
    this.#handler.answered({ status: statusCode ?? 0, httpVersion, headers: rawHeaders });
  }

  #fail(error: Error): void {
    if (this.#over) return;
    this.#end();
    this.#request?.destroy();
    this.#handler.failed(error);
  }

  #end(): void {
    this.#over = true;
    clearTimeout(this.#timer);
    this.#endTurn?.();
  }
}

function portOf(url: URL): number {
  if (url.port !== "") return Number(url.port);
  return url.protocol === "wss:" ? 443 : 80;
}

/** The host without the brackets of an IPv6 address. */
function addressOf(url: URL): { host: string; port: number } {
  return { host: url.hostname.replace(/^\[|\]$/g, ""), port: portOf(url) };
}

/** What Node's HTTP client says of an answer that is none; `undefined` for an error of the network. */
function toHandshakeError(error: NodeJS.ErrnoException): ConnectionError | undefined {
  if (error.message === "socket hang up") {
    return failed(
      "ERR_WS_HANDSHAKE_CLOSED",
      "The server ended the connection before it had answered the opening handshake",
    );
  }
  if (error.code?.startsWith("HPE_") !== true) return undefined;
  return failed(
    "ERR_WS_HANDSHAKE_HTTP",
    `The server's answer to the opening handshake is not HTTP: ${error.message}`,
  );
}

/** Unlike `decodeURIComponent`, leaves a stray "%" as it is. */
function percentDecode(text: string): string {
  return text.replace(/(?:%[0-9a-f]{2})+/gi, (run) => Buffer.from(run.replaceAll("%", ""), "hex").toString());
}

function failed(code: ConnectionErrorCode, message: string): ConnectionError {
  return new ConnectionError(code, CloseCode.Abnormal, message);
}
