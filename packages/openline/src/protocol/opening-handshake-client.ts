import { CloseCode } from "./close-code.js";
import { ConnectionError, type ConnectionErrorCode } from "./connection-error.js";
import { parseExtensions, serializeExtensions } from "./extension-header.js";
import { HandshakeStatusError } from "./handshake-status-error.js";
import { hasToken } from "./http-header.js";
import {
  acceptValue,
  createKey,
  type Handshake,
  type HandshakeHeaders,
  headerValue,
  webSocketVersion,
} from "./opening-handshake.js";
import {
  type AgreedDeflate,
  buildOffer,
  checkAnswer,
  extensionName,
  type PerMessageDeflateOptions,
} from "./permessage-deflate.js";

/** What the client asks for. */
export interface HandshakeOffer {
  readonly subprotocols: readonly string[];
  readonly perMessageDeflate: PerMessageDeflateOptions | false;
}

/** The handshake's own request headers, and the key to check the answer with. [6455] 4.1; [WS] 3.2 */
export function buildRequestHeaders(offer: HandshakeOffer): { headers: [string, string][]; key: string } {
  const key = createKey();
  const headers: [string, string][] = [
    ["Upgrade", "websocket"],
    ["Connection", "Upgrade"],
    ["Sec-WebSocket-Key", key],
    ...buildConnectHeaders(offer),
  ];
  return { headers, key };
}

/** Those of them that are left over HTTP/2, where nothing is upgraded and no key is needed. [8441] 5 */
export function buildConnectHeaders(offer: HandshakeOffer): [string, string][] {
  const headers: [string, string][] = [["Sec-WebSocket-Version", webSocketVersion]];
  if (offer.subprotocols.length > 0) headers.push(["Sec-WebSocket-Protocol", offer.subprotocols.join(", ")]);
  if (offer.perMessageDeflate !== false) {
    headers.push(["Sec-WebSocket-Extensions", serializeExtensions([buildOffer(offer.perMessageDeflate)])]);
  }
  return headers;
}

/**
 * Checks the server's answer, in the order of [6455] 4.1.
 * @throws ConnectionError that says what was wrong with it.
 */
export function checkResponse(
  status: number,
  headers: HandshakeHeaders,
  key: string,
  offer: HandshakeOffer,
): Handshake {
  if (status !== 101) throw new HandshakeStatusError(status, 101, headers);
  const upgrade = headerValue(headers, "upgrade");
  if (upgrade?.trim().toLowerCase() !== "websocket") {
    throw failed(
      "ERR_WS_HANDSHAKE_UPGRADE",
      `The server's Upgrade header is ${shown(upgrade)}, not "websocket"`,
    );
  }
  const connection = headerValue(headers, "connection");
  if (!hasToken(connection, "upgrade")) {
    throw failed(
      "ERR_WS_HANDSHAKE_CONNECTION",
      `The server's Connection header is ${shown(connection)}, without "Upgrade"`,
    );
  }
  const accept = headerValue(headers, "sec-websocket-accept")?.trim();
  if (accept !== acceptValue(key)) {
    throw failed(
      "ERR_WS_HANDSHAKE_ACCEPT",
      `The server's Sec-WebSocket-Accept is ${shown(accept)}, which doesn't answer the key it was sent`,
    );
  }
  return checkAgreement(headers, offer);
}

/**
 * Checks the server's answer over HTTP/2: any success will do. [8441] 4
 * @throws ConnectionError that says what was wrong with it.
 */
export function checkConnectResponse(
  status: number,
  headers: HandshakeHeaders,
  offer: HandshakeOffer,
): Handshake {
  if (status < 200 || status > 299) throw new HandshakeStatusError(status, 200, headers);
  return checkAgreement(headers, offer);
}

function checkAgreement(headers: HandshakeHeaders, offer: HandshakeOffer): Handshake {
  return {
    ...checkExtensions(headerValue(headers, "sec-websocket-extensions"), offer),
    subprotocol: checkSubprotocol(headerValue(headers, "sec-websocket-protocol"), offer),
  };
}

function checkExtensions(
  value: string | undefined,
  { perMessageDeflate }: HandshakeOffer,
): Pick<Handshake, "extensions" | "deflate"> {
  if (value === undefined) return { extensions: "", deflate: undefined };
  const wrong = (what: string) =>
    failed(
      "ERR_WS_HANDSHAKE_EXTENSIONS",
      `The server's Sec-WebSocket-Extensions is ${shown(value)}: ${what}`,
    );
  const extensions = parseExtensions(value);
  if (extensions === undefined) throw wrong("its grammar is broken");
  let deflate: AgreedDeflate | undefined;
  for (const extension of extensions) {
    if (extension.name !== extensionName || perMessageDeflate === false) {
      throw wrong(`${extension.name} was not offered`);
    }
    if (deflate !== undefined) throw wrong(`${extension.name} is repeated`);
    const agreed = checkAnswer(extension, perMessageDeflate);
    if (typeof agreed === "string") throw wrong(agreed);
    deflate = agreed;
  }
  // As it stands in the header, like Chromium.
  return { extensions: value, deflate };
}

function checkSubprotocol(value: string | undefined, { subprotocols }: HandshakeOffer): string {
  if (value === undefined) {
    if (subprotocols.length === 0) return "";
    // [WS] 3.2 asks for more than [6455]: one that was asked for has to be acknowledged.
    throw failed(
      "ERR_WS_HANDSHAKE_PROTOCOL",
      `The server chose none of the subprotocols ${subprotocols.join(", ")}`,
    );
  }
  if (!subprotocols.includes(value)) {
    throw failed(
      "ERR_WS_HANDSHAKE_PROTOCOL",
      `The server chose the subprotocol ${shown(value)}, which was not asked for`,
    );
  }
  return value;
}

/** A header's value for a message; shortened, since a peer may send anything. */
function shown(value: string | undefined): string {
  if (value === undefined) return "missing";
  return JSON.stringify(value.length > 100 ? `${value.slice(0, 100)}…` : value);
}

function failed(code: ConnectionErrorCode, message: string): ConnectionError {
  return new ConnectionError(code, CloseCode.ProtocolError, message);
}
