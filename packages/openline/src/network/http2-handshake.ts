import type { ClientHttp2Session, ClientHttp2Stream, IncomingHttpHeaders } from "node:http2";
import { CloseCode } from "../protocol/close-code.js";
import { ConnectionError, type ConnectionErrorCode } from "../protocol/connection-error.js";
import { buildConnectHeaders, checkConnectResponse } from "../protocol/opening-handshake-client.js";
import type { DialOptions, HandshakeHandler } from "./dial-options.js";
import { programHeaders } from "./request-headers.js";

/** RFC 9113, 7: the stream is no longer needed. */
const cancel = 8;

const nothing = Buffer.alloc(0);

/** The opening handshake over HTTP/2: one stream of a session. [8441] 4 and 5 */
export class Http2Handshake {
  readonly stream: ClientHttp2Stream;
  readonly #options: DialOptions;
  readonly #handler: HandshakeHandler;

  /** @throws what Node has against the session or the headers. */
  constructor(options: DialOptions, session: ClientHttp2Session, handler: HandshakeHandler) {
    this.#options = options;
    this.#handler = handler;
    const headers = requestHeaders(options);
    handler.requesting({ method: "CONNECT", headers: flat(headers) });
    this.stream = session.request(headers, { endStream: false });
    this.stream.on("response", this.#answered);
    this.stream.on("error", this.#failed);
    this.stream.on("close", this.#closed);
  }

  destroy(): void {
    this.stream.close(cancel);
  }

  readonly #answered = (headers: IncomingHttpHeaders & { ":status"?: number }): void => {
    this.#handler.answered({ status: headers[":status"] ?? 0, httpVersion: "2.0", headers: flat(headers) });
    try {
      const handshake = checkConnectResponse(headers[":status"] ?? 0, headers, this.#options);
      this.stream.off("error", this.#failed);
      this.stream.off("close", this.#closed);
      this.#handler.connected(this.stream, nothing, handshake);
    } catch (error) {
      if (!(error instanceof ConnectionError)) throw error;
      this.#handler.failed(error);
    }
  };

  readonly #failed = (error: Error): void => this.#handler.failed(error);

  readonly #closed = (): void => {
    const { rstCode } = this.stream;
    this.#handler.failed(
      failed(
        "ERR_WS_HANDSHAKE_CLOSED",
        `The server ended the stream before it had answered the opening handshake (HTTP/2 error code ${rstCode})`,
      ),
    );
  };
}

function requestHeaders(options: DialOptions): Record<string, string | string[]> {
  const { url } = options;
  const headers: Record<string, string | string[]> = Object.create(null);
  Object.assign(headers, {
    ":method": "CONNECT",
    ":protocol": "websocket",
    ":scheme": url.protocol === "wss:" ? "https" : "http",
    ":authority": url.host,
    ":path": url.pathname + url.search,
  });
  for (const [name, value] of [...buildConnectHeaders(options), ...programHeaders(options)]) {
    const lower = name.toLowerCase();
    const there = headers[lower];
    headers[lower] = there === undefined ? value : [there, value].flat();
  }
  return headers;
}

/** Names and values in turn. */
function flat(headers: Readonly<Record<string, number | string | string[] | undefined>>): string[] {
  return Object.entries(headers).flatMap(([name, value]) =>
    [value ?? []].flat().flatMap((each) => [name, String(each)]),
  );
}

function failed(code: ConnectionErrorCode, message: string): ConnectionError {
  return new ConnectionError(code, CloseCode.Abnormal, message);
}
