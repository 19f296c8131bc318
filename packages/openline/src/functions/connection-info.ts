import type { Duplex } from "node:stream";
import { type CipherNameAndProtocol, type PeerCertificate, TLSSocket } from "node:tls";
import { type Endpoints, endpointsOf, socketBelow } from "../network/endpoints.js";
import type { AgreedDeflate } from "../protocol/permessage-deflate.js";
import type { Role } from "../protocol/role.js";
import type { Session } from "../websocket/session.js";
import type { WebSocket } from "../websocket/websocket.js";
import { ownSession } from "./own-session.js";

/** What TLS has agreed on. */
export interface TlsInfo {
  /** "TLSv1.3" … */
  readonly protocol: string | undefined;
  readonly cipher: CipherNameAndProtocol;
  /** Whether the peer's certificate could be verified. */
  readonly authorized: boolean;
  /** The peer's certificate; `undefined` where it sent none. */
  readonly certificate: PeerCertificate | undefined;
  /** What ALPN chose; `undefined` without it. */
  readonly alpnProtocol: string | undefined;
}

/** permessage-deflate as it is used. */
export interface CompressionInfo extends AgreedDeflate {
  /** Messages that were in fact compressed. */
  readonly messagesSent: number;
  readonly messagesReceived: number;
}

/** What `connectionInfo` tells. What isn't known, or not known yet, is `undefined`. */
export interface ConnectionInfo extends Endpoints {
  /** The connection's number, unique within the process: the `id` of its traces. */
  readonly id: number;
  readonly role: Role;
  /** `undefined` without TLS. */
  readonly tls: TlsInfo | undefined;
  /** The status of the opening handshake's answer, 101 for one that opened the connection (200 over HTTP/2). */
  readonly status: number | undefined;
  /** The version of HTTP that the opening handshake used: "1.1" or "2.0". */
  readonly httpVersion: string | undefined;
  /** The headers of its answer (at a server: the headers that were sent). */
  readonly responseHeaders: Headers | undefined;
  /** `undefined` where permessage-deflate is not in use. */
  readonly compression: CompressionInfo | undefined;
  /** Bytes on the wire since the opening handshake, frame headers included, without TLS. */
  readonly bytesSent: number;
  readonly bytesReceived: number;
  readonly messagesSent: number;
  readonly messagesReceived: number;
}

/** Tells of the connection as it is at this moment. Addresses and TLS are known while the socket is open. */
export function connectionInfo(ws: WebSocket): ConnectionInfo {
  const session = ownSession(ws, "connectionInfo");
  const { role, socket, response, bytesSent, bytesReceived, messagesSent, messagesReceived } = session;
  return {
    id: session.id,
    role,
    ...endpointsOf(socket),
    tls: socket === undefined ? undefined : tlsOf(socket),
    status: response?.status,
    httpVersion: response?.httpVersion,
    responseHeaders: response === undefined ? undefined : toHeaders(response.headers),
    compression: compressionOf(session),
    bytesSent,
    bytesReceived,
    messagesSent,
    messagesReceived,
  };
}

function tlsOf(stream: Duplex): TlsInfo | undefined {
  const socket = socketBelow(stream);
  if (!(socket instanceof TLSSocket) || socket.destroyed) return undefined;
  const certificate = socket.getPeerCertificate();
  return {
    protocol: socket.getProtocol() ?? undefined,
    cipher: socket.getCipher(),
    authorized: socket.authorized,
    // Node gives an empty object where there is none.
    certificate: Object.keys(certificate).length === 0 ? undefined : certificate,
    alpnProtocol: typeof socket.alpnProtocol === "string" ? socket.alpnProtocol : undefined,
  };
}

function compressionOf({
  deflate,
  compressedMessagesSent: messagesSent,
  compressedMessagesReceived: messagesReceived,
}: Session): CompressionInfo | undefined {
  return deflate === undefined ? undefined : { ...deflate, messagesSent, messagesReceived };
}

function toHeaders(flat: readonly string[]): Headers {
  const headers = new Headers();
  for (let i = 0; i + 1 < flat.length; i += 2) {
    try {
      headers.append(flat[i] as string, flat[i + 1] as string);
    } catch {
      // HTTP/2's pseudo-headers, and what Node's HTTP parser takes and the standard doesn't, have no place here.
    }
  }
  return headers;
}
