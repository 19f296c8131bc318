import { type ClientRequest, request as httpRequest, type IncomingMessage } from "node:http";
import { request as httpsRequest } from "node:https";
import type { Duplex } from "node:stream";
import { CloseCode } from "../protocol/close-code.js";
import { ConnectionError, type ConnectionErrorCode } from "../protocol/connection-error.js";
import { buildRequestHeaders, checkResponse } from "../protocol/opening-handshake-client.js";
import type { DialOptions, HandshakeHandler } from "./dial-options.js";
import { withoutBrackets } from "./proxy.js";
import { programHeaders } from "./request-headers.js";
import { portOf } from "./server-stream.js";

/** The opening handshake over a connection of the agent of the options, which takes Node's own HTTP client. [6455] 4.1 */
export class AgentHandshake {
  readonly #options: DialOptions;
  readonly #handler: HandshakeHandler;
  readonly #request: ClientRequest;

  /** @throws what Node has against the agent or the headers. */
  constructor(options: DialOptions, handler: HandshakeHandler) {
    this.#options = options;
    this.#handler = handler;
    const { url } = options;
    const { headers, key } = buildRequestHeaders(options);
    // All headers as one flat list, which Node sends as it is.
    const list = [["Host", url.host] as const, ...headers, ...programHeaders(options)].flat();
    handler.requesting({ method: "GET", headers: list });
    const request = (url.protocol === "wss:" ? httpsRequest : httpRequest)({
      method: "GET",
      path: url.pathname + url.search,
      headers: list,
      ...agentOptions(options),
    });
    this.#request = request;
    request.on("upgrade", (response, socket, head) => this.#upgraded(response, socket, head, key));
    request.on("response", (response) => this.#answered(response, key));
    // A 101 that lacks its Upgrade header counts as a mere announcement for Node's parser.
    request.on("information", ({ statusCode }) => {
      if (statusCode === 101) {
        handler.failed(
          failed(
            "ERR_WS_HANDSHAKE_UPGRADE",
            "The server answered with status 101 but without an Upgrade header",
          ),
        );
      }
    });
    request.on("error", (error) => handler.failed(toFailure(error)));
    request.end();
  }

  destroy(): void {
    this.#request.destroy();
  }

  #upgraded(response: IncomingMessage, socket: Duplex, head: Buffer, key: string): void {
    this.#tellAnswer(response);
    try {
      const handshake = checkResponse(response.statusCode ?? 0, response.headers, key, this.#options);
      this.#handler.connected(socket, head, handshake);
    } catch (error) {
      if (!(error instanceof ConnectionError)) throw error;
      socket.destroy();
      this.#handler.failed(error);
    }
  }

  #tellAnswer({ statusCode, httpVersion, rawHeaders }: IncomingMessage): void {
    this.#handler.answered({ status: statusCode ?? 0, httpVersion, headers: rawHeaders });
  }

  #answered(response: IncomingMessage, key: string): void {
    this.#tellAnswer(response);
    try {
      checkResponse(response.statusCode ?? 0, response.headers, key, this.#options);
    } catch (error) {
      if (!(error instanceof ConnectionError)) throw error;
      this.#handler.failed(error);
    }
  }
}

/** What an agent has to know to connect, and to tell connections with other settings apart. */
function agentOptions({ url, agent, address, tls }: DialOptions): object {
  const { secureContext: _, ...settings } = tls;
  const target = { agent, host: withoutBrackets(url.hostname), port: portOf(url), ...address };
  return url.protocol === "wss:" ? { ...target, ALPNProtocols: ["http/1.1"], ...settings } : target;
}

/** In our words, what Node's HTTP client says of an answer that is none; errors of the network stay as they are. */
function toFailure(error: NodeJS.ErrnoException): Error {
  if (error.message === "socket hang up") {
    return failed(
      "ERR_WS_HANDSHAKE_CLOSED",
      "The server ended the connection before it had answered the opening handshake",
    );
  }
  if (error.code?.startsWith("HPE_") === true) {
    return failed(
      "ERR_WS_HANDSHAKE_HTTP",
      `The server's answer to the opening handshake is not HTTP: ${error.message}`,
    );
  }
  return error;
}

function failed(code: ConnectionErrorCode, message: string): ConnectionError {
  return new ConnectionError(code, CloseCode.Abnormal, message);
}
