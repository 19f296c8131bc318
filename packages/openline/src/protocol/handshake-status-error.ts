import { CloseCode } from "./close-code.js";
import { ConnectionError } from "./connection-error.js";
import { type HandshakeHeaders, headerValue } from "./opening-handshake.js";

/** The server's answer to the opening handshake has another status than the one that opens a connection. */
export class HandshakeStatusError extends ConnectionError {
  /** The answer's HTTP status. */
  readonly status: number;
  /**
   * What the answer says of trying again: `retry-after`, if anything. The other headers may hold secrets, which don't
   * belong into an error; `connectionInfo(ws)` has them.
   */
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, expected: number, headers: HandshakeHeaders) {
    super(
      "ERR_WS_HANDSHAKE_STATUS",
      CloseCode.Abnormal,
      `The server answered the opening handshake with status ${status}, not ${expected}`,
    );
    this.status = status;
    const retryAfter = headerValue(headers, "retry-after");
    this.headers = retryAfter === undefined ? {} : { "retry-after": retryAfter };
  }
}
