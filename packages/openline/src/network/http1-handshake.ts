import type { Duplex } from "node:stream";
import { CloseCode } from "../protocol/close-code.js";
import { ConnectionError, type ConnectionErrorCode } from "../protocol/connection-error.js";
import { buildRequestHeaders, checkResponse } from "../protocol/opening-handshake-client.js";
import { headersByName, NoResponse, ResponseHeadReader } from "../protocol/response-head.js";
import type { DialOptions, HandshakeHandler } from "./dial-options.js";
import { programHeaders } from "./request-headers.js";

/**
 * The opening handshake over HTTP/1.1. [6455] 4.1
 *
 * Writes the request and reads the answer itself: a handshake by Node's HTTP client takes twice the processor time of
 * all the rest of a connection.
 */
export class Http1Handshake {
  readonly #options: DialOptions;
  readonly #stream: Duplex;
  readonly #handler: HandshakeHandler;
  readonly #key: string;
  readonly #request: string;
  readonly #reader = new ResponseHeadReader();

  /** @param stream to speak over; it may still be connecting. */
  constructor(options: DialOptions, stream: Duplex, handler: HandshakeHandler) {
    this.#options = options;
    this.#stream = stream;
    this.#handler = handler;
    const { url } = options;
    const { headers, key } = buildRequestHeaders(options);
    const list = [["Host", url.host] as const, ...headers, ...programHeaders(options)].flat();
    this.#key = key;
    this.#request = requestText(url, list);
    handler.requesting({ method: "GET", headers: list });
    stream.on("data", this.#received);
    stream.on("end", this.#ended);
    stream.on("error", this.#failed);
    stream.on("close", this.#closed);
    const event = awaitedBy(stream);
    if (event === undefined) this.#send();
    else stream.once(event, this.#send);
  }

  destroy(): void {
    this.#stream.destroy();
  }

  readonly #send = (): void => {
    this.#stream.write(this.#request, "latin1");
  };

  readonly #received = (chunk: Buffer): void => {
    const answer = this.#reader.push(chunk);
    if (answer === undefined) return;
    if (answer instanceof NoResponse) {
      this.#fail(
        "ERR_WS_HANDSHAKE_HTTP",
        `The server's answer to the opening handshake is not HTTP: ${answer.what}`,
      );
      return;
    }
    const { head, rest } = answer;
    const { status } = head;
    if (status < 200 && status !== 101) {
      // An announcement, behind which the answer comes. RFC 9110, 15.2
      if (rest.length > 0) this.#received(rest);
      return;
    }
    this.#leave();
    this.#handler.answered(head);
    try {
      const handshake = checkResponse(status, headersByName(head.headers), this.#key, this.#options);
      this.#handler.connected(this.#stream, rest, handshake);
    } catch (error) {
      if (!(error instanceof ConnectionError)) throw error;
      this.#stream.on("error", ignore);
      this.#handler.failed(error);
    }
  };

  /** The stream is another's now. */
  #leave(): void {
    const stream = this.#stream;
    stream.off("data", this.#received);
    stream.off("end", this.#ended);
    stream.off("error", this.#failed);
    stream.off("close", this.#closed);
  }

  readonly #ended = (): void => {
    // TLS that ends before its time has its own error on the way.
    if (!this.#stream.destroyed) this.#closed();
  };

  readonly #closed = (): void => {
    this.#fail(
      "ERR_WS_HANDSHAKE_CLOSED",
      "The server ended the connection before it had answered the opening handshake",
    );
  };

  readonly #failed = (error: Error): void => this.#handler.failed(error);

  #fail(code: ConnectionErrorCode, message: string): void {
    this.#handler.failed(new ConnectionError(code, CloseCode.Abnormal, message));
  }
}

/** What a socket that is still connecting tells that it has done so; `undefined` for a stream that is there. */
function awaitedBy(stream: Duplex): "secureConnect" | "connect" | undefined {
  // Not before the server's certificate has been verified: the request may hold credentials.
  if ("secureConnecting" in stream && stream.secureConnecting === true) return "secureConnect";
  if ("connecting" in stream && stream.connecting === true) return "connect";
  return undefined;
}

/** @param headers names and values in turn. */
function requestText(url: URL, headers: readonly string[]): string {
  let text = `GET ${url.pathname}${url.search} HTTP/1.1\r\n`;
  for (let i = 0; i < headers.length; i += 2) text += `${headers[i]}: ${headers[i + 1]}\r\n`;
  return `${text}\r\n`;
}

function ignore(): void {}
