import { FailureError } from "../exit.js";
import { visibleLine } from "../terminal/visible-text.js";
import type { End } from "./conversation.js";

/** What to do about an error, where it is known. */
const advice: Readonly<Record<string, string>> = {
  ECONNREFUSED: "is it running, and the port right?",
  ENOTFOUND: "is the name right?",
  DEPTH_ZERO_SELF_SIGNED_CERT: "--ca FILE trusts it, --insecure takes any certificate",
  SELF_SIGNED_CERT_IN_CHAIN: "--ca FILE trusts its authority, --insecure takes any certificate",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: "--ca FILE gives its authority, --insecure takes any certificate",
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: "--ca FILE gives its authority, --insecure takes any certificate",
  CERT_HAS_EXPIRED: "--insecure takes it all the same",
  ERR_TLS_CERT_ALTNAME_INVALID: "connect under a name that it is for; --insecure takes any certificate",
  EPROTO: "ws: and wss: may be mixed up",
  ERR_SSL_WRONG_VERSION_NUMBER: "ws: and wss: may be mixed up",
  ERR_SSL_PACKET_LENGTH_TOO_LONG: "ws: and wss: may be mixed up",
  ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED: "--cert and --key give one",
  ERR_WS_HANDSHAKE_HTTP: "is it a web server, and ws: or wss: right?",
  ERR_WS_HANDSHAKE_CLOSED: "ws: and wss: may be mixed up",
  ERR_WS_HANDSHAKE_PROTOCOL: "--subprotocol asks for one",
  ERR_WS_HANDSHAKE_EXTENSIONS: "--no-deflate asks for none",
  ERR_WS_PROXY_AUTHENTICATION: "--proxy http://user:password@host:port gives them",
  ERR_SSL_TLSV1_ALERT_NO_APPLICATION_PROTOCOL: "without --http2 it is HTTP/1.1",
  ERR_HTTP2_ERROR: "without --http2 it is HTTP/1.1",
  ERR_WS_HTTP2_ALPN: "without --http2 it is HTTP/1.1",
  ERR_WS_HTTP2_EXTENDED_CONNECT: "without --http2 it is HTTP/1.1",
};

const adviceOnStatus: Readonly<Record<number, string>> = {
  400: "the server may want other headers, or a subprotocol",
  401: "--auth user:password or --header 'Authorization: …' logs in",
  403: "the server may want credentials (--auth, --header) or an --origin",
  404: "is the path right?",
  426: "the server may want --http2, or another path",
};

/** What has happened until the end. */
export interface Course {
  /** Whether a connection has ever been open. */
  readonly wasOpen: boolean;
  /** Whether this side has asked for the end. */
  readonly closeAsked: boolean;
}

/** What there is to say of an end that isn't clean, in one line; undefined if it is. */
export function failureOf({ code, wasClean, error }: End, course: Course): FailureError | undefined {
  if (wasClean) return undefined;
  if (error === undefined || error.code === "ERR_WS_HANDSHAKE_ABORTED") {
    return new FailureError(failureWithoutError(course, code));
  }
  const { status } = error as { status?: number };
  const hint = status === undefined ? advice[error.code ?? ""] : adviceOnStatus[status];
  return new FailureError(
    `${inOneLine(error.message)} (${error.code})${hint === undefined ? "" : `: ${hint}`}`,
  );
}

function failureWithoutError({ wasOpen, closeAsked }: Course, code: number): string {
  if (!wasOpen) return "ended before the connection was open";
  if (closeAsked) return `the server did not answer the closing handshake (${code})`;
  return `the connection was cut without a closing handshake (${code})`;
}

/** How a connection has ended, in a few words. */
export function shortEnd({ code, reason, error }: End): string {
  if (error !== undefined) return inOneLine(error.message);
  return visibleLine(reason === "" ? `${code}` : `${code} ${reason}`);
}

/** Of what OpenSSL says, places in its source and numbers are left out. */
function inOneLine(message: string): string {
  const plain = message.replace(/[0-9A-F]+:error:[0-9A-F]+:[^:]*:[^:]*:([^:]+):\S*/gi, "$1");
  return visibleLine(plain.trim().replace(/\s+/g, " "));
}
