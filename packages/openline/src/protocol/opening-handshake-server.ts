import { parseExtensions, serializeExtensions } from "./extension-header.js";
import { hasToken } from "./http-header.js";
import {
  acceptValue,
  type Handshake,
  type HandshakeHeaders,
  headerValue,
  webSocketVersion,
} from "./opening-handshake.js";
import { acceptOffer, type PerMessageDeflateOptions } from "./permessage-deflate.js";
import { parseSubprotocols } from "./subprotocol.js";

/** A request that HTTP has parsed. */
export interface HandshakeRequest {
  readonly method?: string | undefined;
  readonly httpVersion: string;
  readonly headers: HandshakeHeaders;
}

/** A request that can't become a WebSocket, and the HTTP answer it gets. [6455] 4.2.1, 4.4 */
export interface Refusal {
  readonly status: number;
  readonly message: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** What a good request asks for. */
export interface AcceptableRequest {
  /** `undefined` over HTTP/2, which needs none. */
  readonly key: string | undefined;
  readonly subprotocols: ReadonlySet<string>;
  /** The `Sec-WebSocket-Extensions` header, checked for its grammar. */
  readonly extensions: string | undefined;
}

export function refusal(status: number, message: string, headers: Record<string, string> = {}): Refusal {
  return { status, message, headers };
}

/** A key is the Base64 form of 16 bytes. [6455] 4.2.1 */
const keyForm = /^[+/0-9A-Za-z]{22}==$/;

/** Checks a client's request, in the order of [6455] 4.2.1. */
export function checkRequest(request: HandshakeRequest): AcceptableRequest | Refusal {
  const { method, httpVersion, headers } = request;
  if (method !== "GET") {
    return refusal(405, `The method is ${method ?? "missing"}, not GET`, { Allow: "GET" });
  }
  if (httpVersion !== "1.1") return refusal(400, `The HTTP version is ${httpVersion}, not 1.1`);
  if (headerValue(headers, "host") === undefined) return refusal(400, "The Host header is missing");
  const upgrade = headerValue(headers, "upgrade");
  if (!hasToken(upgrade, "websocket")) {
    return refusal(426, `The Upgrade header ${described(upgrade)}, not "websocket"`, {
      Upgrade: "websocket",
      "Sec-WebSocket-Version": webSocketVersion,
    });
  }
  const connection = headerValue(headers, "connection");
  if (!hasToken(connection, "upgrade")) {
    return refusal(400, `The Connection header ${described(connection)}, without "Upgrade"`);
  }
  const key = headerValue(headers, "sec-websocket-key");
  if (key === undefined || !keyForm.test(key)) {
    return refusal(400, `The Sec-WebSocket-Key header ${described(key)}, not 16 bytes in Base64`);
  }
  return checkNegotiation(key, headers, 426);
}

/** Checks a client's extended CONNECT request, of which HTTP/2 has seen to the rest. [8441] 5 */
export function checkConnectRequest(headers: HandshakeHeaders): AcceptableRequest | Refusal {
  // HTTP/2 knows no upgrade, and so no status that asks for one.
  return checkNegotiation(undefined, headers, 400);
}

/** @param otherVersion the status that refuses a version. */
function checkNegotiation(
  key: string | undefined,
  headers: HandshakeHeaders,
  otherVersion: number,
): AcceptableRequest | Refusal {
  const version = headerValue(headers, "sec-websocket-version");
  if (version !== webSocketVersion) {
    return refusal(
      otherVersion,
      `The Sec-WebSocket-Version header ${described(version)}, not ${webSocketVersion}`,
      {
        "Sec-WebSocket-Version": webSocketVersion,
      },
    );
  }
  const protocolHeader = headerValue(headers, "sec-websocket-protocol");
  const subprotocols = protocolHeader === undefined ? new Set<string>() : parseSubprotocols(protocolHeader);
  if (subprotocols === undefined) {
    return refusal(
      400,
      `The Sec-WebSocket-Protocol header ${described(protocolHeader)}, not a list of different tokens`,
    );
  }
  const extensions = headerValue(headers, "sec-websocket-extensions");
  if (extensions !== undefined && parseExtensions(extensions) === undefined) {
    return refusal(
      400,
      `The Sec-WebSocket-Extensions header ${described(extensions)}, which breaks its grammar`,
    );
  }
  return { key, subprotocols, extensions };
}

/**
 * Builds the answer to a good request. [6455] 4.2.2
 * @param subprotocol the one the server chose, "" for none.
 */
export function buildResponse(
  { key, extensions }: AcceptableRequest,
  subprotocol: string,
  perMessageDeflate: PerMessageDeflateOptions | false,
): { headers: [string, string][]; handshake: Handshake } {
  const offers =
    perMessageDeflate === false || extensions === undefined ? undefined : parseExtensions(extensions);
  const accepted =
    offers === undefined || perMessageDeflate === false ? undefined : acceptOffer(offers, perMessageDeflate);
  const answer = accepted === undefined ? "" : serializeExtensions([accepted.answer]);
  const handshake = { subprotocol, extensions: answer, deflate: accepted?.agreed };
  return { headers: responseHeaders(key, handshake), handshake };
}

function responseHeaders(
  key: string | undefined,
  { subprotocol, extensions }: Omit<Handshake, "deflate">,
): [string, string][] {
  const headers: [string, string][] = [];
  if (key !== undefined) {
    headers.push(["Upgrade", "websocket"], ["Connection", "Upgrade"]);
    headers.push(["Sec-WebSocket-Accept", acceptValue(key)]);
  }
  if (subprotocol !== "") headers.push(["Sec-WebSocket-Protocol", subprotocol]);
  if (extensions !== "") headers.push(["Sec-WebSocket-Extensions", extensions]);
  return headers;
}

/**
 * An answer that was sent, for who asks later. It is made again of what it depends on: 150 bytes a connection less than
 * its headers.
 */
export class SentResponse {
  readonly #key: string | undefined;
  readonly #subprotocol: string;
  readonly #extensions: string;

  constructor(key: string | undefined, { subprotocol, extensions }: Handshake) {
    this.#key = key;
    this.#subprotocol = subprotocol;
    this.#extensions = extensions;
  }

  get status(): number {
    return this.#key === undefined ? 200 : 101;
  }

  get httpVersion(): string {
    return this.#key === undefined ? "2.0" : "1.1";
  }

  /** Names and values in turn, as in Node's `rawHeaders`. */
  get headers(): readonly string[] {
    const parts = { subprotocol: this.#subprotocol, extensions: this.#extensions };
    return responseHeaders(this.#key, parts).flat();
  }
}

function described(value: string | undefined): string {
  return value === undefined ? "is missing" : `is ${JSON.stringify(value.slice(0, 100))}`;
}
