import type { CloseCode } from "./close-code.js";

/**
 * What can end a connection, as stable names for programs. Errors of the operating system and of TLS keep Node's own
 * codes (`ECONNREFUSED`, `CERT_HAS_EXPIRED` …).
 */
export type ConnectionErrorCode =
  // the opening handshake
  | "ERR_WS_BLOCKED_PORT"
  | "ERR_WS_HANDSHAKE_TIMEOUT"
  | "ERR_WS_HANDSHAKE_ABORTED"
  | "ERR_WS_HANDSHAKE_STATUS"
  | "ERR_WS_HANDSHAKE_UPGRADE"
  | "ERR_WS_HANDSHAKE_CONNECTION"
  | "ERR_WS_HANDSHAKE_ACCEPT"
  | "ERR_WS_HANDSHAKE_PROTOCOL"
  | "ERR_WS_HANDSHAKE_EXTENSIONS"
  | "ERR_WS_HANDSHAKE_CLOSED"
  | "ERR_WS_HANDSHAKE_HTTP"
  | "ERR_WS_ABORTED"
  // the way to the server
  | "ERR_WS_PROXY_ENVIRONMENT"
  | "ERR_WS_PROXY_AUTHENTICATION"
  | "ERR_WS_PROXY_STATUS"
  | "ERR_WS_PROXY_CLOSED"
  | "ERR_WS_PROXY_HTTP"
  | "ERR_WS_HTTP2_ALPN"
  | "ERR_WS_HTTP2_EXTENDED_CONNECT"
  | "ERR_WS_HTTP2_SESSION"
  // frames
  | "ERR_WS_RESERVED_BITS"
  | "ERR_WS_UNKNOWN_OPCODE"
  | "ERR_WS_MASK"
  | "ERR_WS_CONTROL_FRAME"
  | "ERR_WS_FRAGMENTATION"
  | "ERR_WS_PAYLOAD_LENGTH"
  | "ERR_WS_CLOSE_FRAME"
  // messages
  | "ERR_WS_INVALID_UTF8"
  | "ERR_WS_INVALID_DEFLATE"
  | "ERR_WS_MESSAGE_TOO_BIG"
  | "ERR_WS_TOO_MANY_FRAGMENTS"
  | "ERR_WS_TOO_MANY_PINGS"
  // the end
  | "ERR_WS_BLOB_READ";

/** Why a connection was failed ([6455] 7.1.7): what was wrong, and the close code that tells the peer. */
export class ConnectionError extends Error {
  override readonly name = "ConnectionError";
  /** Stable name of what went wrong. */
  readonly code: ConnectionErrorCode;
  /** The close code that the peer is sent, where the connection was open. */
  readonly closeCode: CloseCode;

  constructor(code: ConnectionErrorCode, closeCode: CloseCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.closeCode = closeCode;
  }
}
