import { encodeFrame, Opcode } from "../peer/frame-codec.js";
import { ACCEPT, type ClientHandshakeCase, CONNECTION, REQUIRED, UPGRADE } from "./client-handshake-case.js";

const RESPONSE = "[6455] 4.1";
const PARAMETERS = "[7692] 7.1";
const opens = { protocol: "", extensions: "" };
const fails = (...errors: string[]) => ({ errors });
const status = fails("ERR_WS_HANDSHAKE_STATUS");
const upgrade = fails("ERR_WS_HANDSHAKE_UPGRADE");
const connection = fails("ERR_WS_HANDSHAKE_CONNECTION");
const accept = fails("ERR_WS_HANDSHAKE_ACCEPT");
const protocol = fails("ERR_WS_HANDSHAKE_PROTOCOL");
const extensions = fails("ERR_WS_HANDSHAKE_EXTENSIONS");
const closed = fails("ERR_WS_HANDSHAKE_CLOSED", "ECONNRESET");
// Without an Upgrade that it can follow, Node's HTTP client takes a 101 for an informational answer and waits on.
const notUpgraded = fails(
  "ERR_WS_HANDSHAKE_UPGRADE",
  "ERR_WS_HANDSHAKE_CONNECTION",
  "ERR_WS_HANDSHAKE_STATUS",
);

function answer(
  id: string,
  shows: string,
  fields: readonly string[],
  outcome: ClientHandshakeCase["outcome"],
): ClientHandshakeCase {
  return { id, section: RESPONSE, shows, fields, outcome };
}

const accepted: ClientHandshakeCase[] = [
  answer("plain", "the three required headers are enough", REQUIRED, opens),
  answer(
    "names-upper-case",
    "names of headers have no case",
    [UPGRADE, CONNECTION, ACCEPT].map((line) => line.replace(/^[^:]+/, (name) => name.toUpperCase())),
    opens,
  ),
  answer(
    "names-lower-case",
    "names of headers have no case",
    [UPGRADE, CONNECTION, ACCEPT].map((line) => line.replace(/^[^:]+/, (name) => name.toLowerCase())),
    opens,
  ),
  answer(
    "upgrade-case",
    "the value of Upgrade has no case",
    ["Upgrade: WebSocket", CONNECTION, ACCEPT],
    opens,
  ),
  answer(
    "upgrade-upper-case",
    "the value of Upgrade has no case",
    ["Upgrade: WEBSOCKET", CONNECTION, ACCEPT],
    opens,
  ),
  answer(
    "connection-case",
    "tokens of Connection have no case",
    [UPGRADE, "Connection: uPGRADE", ACCEPT],
    opens,
  ),
  answer(
    "connection-list",
    "Connection may list other tokens",
    [UPGRADE, "Connection: keep-alive, Upgrade", ACCEPT],
    opens,
  ),
  answer(
    "connection-list-tight",
    "Connection may list other tokens, without blanks",
    [UPGRADE, "Connection: Upgrade,keep-alive", ACCEPT],
    opens,
  ),
  answer(
    "accept-blanks",
    "blanks around the accept key don't count",
    [UPGRADE, CONNECTION, "Sec-WebSocket-Accept:  \t{accept} \t"],
    opens,
  ),
  answer(
    "other-headers",
    "other headers don't matter",
    ["Server: nobody", "Date: today", "X-A: 1", "X-A: 2", ...REQUIRED, "Set-Cookie: a=b"],
    opens,
  ),
  answer("any-order", "headers come in any order", [ACCEPT, CONNECTION, UPGRADE], opens),
  {
    id: "reason-phrase",
    section: RESPONSE,
    shows: "the reason phrase doesn't matter",
    statusLine: "HTTP/1.1 101 Whatever you like",
    outcome: opens,
  },
  {
    id: "no-reason-phrase",
    section: RESPONSE,
    shows: "the reason phrase may be missing",
    statusLine: "HTTP/1.1 101 ",
    outcome: opens,
  },
  {
    id: "byte-by-byte",
    section: RESPONSE,
    shows: "the response may come byte by byte",
    cut: 1,
    outcome: opens,
  },
  {
    id: "packets-of-17",
    section: RESPONSE,
    shows: "the response may be cut anywhere",
    cut: 17,
    outcome: opens,
  },
  {
    id: "frames-behind",
    section: RESPONSE,
    shows: "frames in the packet of the response are delivered after open",
    behind: Buffer.concat(
      ["one", "two", "three"].map((payload) => encodeFrame({ opcode: Opcode.Text, payload }, false)),
    ),
    outcome: { ...opens, messages: ["one", "two", "three"] },
  },
  {
    id: "frames-behind/byte-by-byte",
    section: RESPONSE,
    shows: "a frame right behind a response that comes byte by byte is delivered",
    cut: 1,
    behind: encodeFrame({ opcode: Opcode.Text, payload: "one" }, false),
    outcome: { ...opens, messages: ["one"] },
  },
  {
    id: "half-a-frame-behind",
    section: RESPONSE,
    shows: "a frame that begins in the packet of the response is delivered once it is whole",
    cut: 131,
    behind: encodeFrame({ opcode: Opcode.Text, payload: "cut in two".repeat(5) }, false),
    outcome: { ...opens, messages: ["cut in two".repeat(5)] },
  },
];

const statusLines: Record<string, string> = {
  "200": "HTTP/1.1 200 OK",
  "204": "HTTP/1.1 204 No Content",
  "301": "HTTP/1.1 301 Moved Permanently",
  "302": "HTTP/1.1 302 Found",
  "307": "HTTP/1.1 307 Temporary Redirect",
  "308": "HTTP/1.1 308 Permanent Redirect",
  "400": "HTTP/1.1 400 Bad Request",
  "401": "HTTP/1.1 401 Unauthorized",
  "403": "HTTP/1.1 403 Forbidden",
  "404": "HTTP/1.1 404 Not Found",
  "407": "HTTP/1.1 407 Proxy Authentication Required",
  "426": "HTTP/1.1 426 Upgrade Required",
  "500": "HTTP/1.1 500 Internal Server Error",
  "503": "HTTP/1.1 503 Service Unavailable",
};

const statuses = Object.entries(statusLines).flatMap(([code, statusLine]): ClientHandshakeCase[] => [
  {
    id: `status/${code}`,
    section: RESPONSE,
    shows: `status ${code} fails the connection, wherever it points to`,
    statusLine,
    fields: [
      "Location: ws://127.0.0.1:9/elsewhere",
      'WWW-Authenticate: Basic realm="x"',
      "Content-Length: 0",
    ],
    outcome: status,
  },
  {
    id: `status/${code}/all-other-headers-right`,
    section: RESPONSE,
    shows: `status ${code} fails the connection, whatever else is right`,
    statusLine,
    outcome: status,
  },
]);

const broken: ClientHandshakeCase[] = [
  answer("upgrade-missing", "a response without Upgrade is refused", [CONNECTION, ACCEPT], notUpgraded),
  answer("upgrade-wrong", "another Upgrade is refused", ["Upgrade: h2c", CONNECTION, ACCEPT], upgrade),
  answer(
    "upgrade-longer",
    "a longer word in Upgrade is refused",
    ["Upgrade: websockets", CONNECTION, ACCEPT],
    upgrade,
  ),
  answer(
    "upgrade-list",
    "a list in Upgrade is refused",
    ["Upgrade: websocket, h2c", CONNECTION, ACCEPT],
    upgrade,
  ),
  answer("upgrade-twice", "Upgrade twice is refused", [UPGRADE, UPGRADE, CONNECTION, ACCEPT], upgrade),
  answer("connection-missing", "a response without Connection is refused", [UPGRADE, ACCEPT], notUpgraded),
  answer(
    "connection-wrong",
    "Connection without Upgrade is refused",
    [UPGRADE, "Connection: keep-alive", ACCEPT],
    notUpgraded,
  ),
  answer(
    "connection-part-of-token",
    "a token that only contains the word is refused",
    [UPGRADE, "Connection: Upgraded", ACCEPT],
    fails(...notUpgraded.errors, ...connection.errors),
  ),
  answer(
    "accept-missing",
    "a response without Sec-WebSocket-Accept is refused",
    [UPGRADE, CONNECTION],
    accept,
  ),
  answer(
    "accept-empty",
    "an empty accept key is refused",
    [UPGRADE, CONNECTION, "Sec-WebSocket-Accept:"],
    accept,
  ),
  answer(
    "accept-wrong",
    "a wrong accept key is refused",
    [UPGRADE, CONNECTION, "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo="],
    accept,
  ),
  answer(
    "accept-with-more",
    "an accept key with something behind is refused",
    [UPGRADE, CONNECTION, "Sec-WebSocket-Accept: {accept}x"],
    accept,
  ),
  answer(
    "accept-case",
    "the accept key has its case",
    [UPGRADE, CONNECTION, "Sec-WebSocket-Accept: {accept-in-other-case}"],
    accept,
  ),
  answer("accept-twice", "two accept keys are refused", [...REQUIRED, ACCEPT], accept),
  {
    id: "no-answer",
    section: RESPONSE,
    shows: "the end of the connection before any answer",
    statusLine: "",
    fields: [],
    thenEnds: true,
    outcome: closed,
  },
  {
    id: "half-an-answer",
    section: RESPONSE,
    shows: "the end of the connection within the answer's head",
    statusLine: "HTTP/1.1 101 Switching",
    fields: ["Upgrade: web"],
    cut: 20,
    thenEnds: true,
    outcome: fails(
      "ERR_WS_HANDSHAKE_CLOSED",
      "ECONNRESET",
      "ERR_WS_HANDSHAKE_UPGRADE",
      "ERR_WS_HANDSHAKE_CONNECTION",
      "ERR_WS_HANDSHAKE_STATUS",
    ),
  },
  {
    id: "not-http",
    section: RESPONSE,
    shows: "an answer that isn't HTTP",
    statusLine: "SSH-2.0-OpenSSH_9.9",
    fields: [],
    outcome: fails("ERR_WS_HANDSHAKE_HTTP"),
  },
];

function subprotocol(
  id: string,
  shows: string,
  protocols: string[],
  lines: string[],
  outcome: ClientHandshakeCase["outcome"],
): ClientHandshakeCase {
  return { id: `subprotocol/${id}`, section: RESPONSE, shows, protocols, more: lines, outcome };
}

const subprotocols: ClientHandshakeCase[] = [
  subprotocol("one", "the one that was asked for", ["chat"], ["Sec-WebSocket-Protocol: chat"], {
    ...opens,
    protocol: "chat",
  }),
  subprotocol(
    "second",
    "one of several that were asked for",
    ["a", "b", "c"],
    ["Sec-WebSocket-Protocol: b"],
    { ...opens, protocol: "b" },
  ),
  subprotocol(
    "not-acknowledged",
    "asking for some and getting none fails the connection",
    ["chat"],
    [],
    protocol,
  ),
  subprotocol(
    "empty",
    "an empty answer fails the connection",
    ["chat"],
    ["Sec-WebSocket-Protocol:"],
    protocol,
  ),
  subprotocol(
    "unasked",
    "one where none was asked for fails the connection",
    [],
    ["Sec-WebSocket-Protocol: chat"],
    protocol,
  ),
  subprotocol(
    "other",
    "one that wasn't asked for fails the connection",
    ["chat"],
    ["Sec-WebSocket-Protocol: superchat"],
    protocol,
  ),
  subprotocol("case", "subprotocols have their case", ["chat"], ["Sec-WebSocket-Protocol: Chat"], protocol),
  subprotocol(
    "list",
    "a list in the answer fails the connection",
    ["a", "b"],
    ["Sec-WebSocket-Protocol: a, b"],
    protocol,
  ),
  subprotocol(
    "twice",
    "two answers fail the connection",
    ["a", "b"],
    ["Sec-WebSocket-Protocol: a", "Sec-WebSocket-Protocol: b"],
    protocol,
  ),
];

const DEFLATE_OPENS: Record<string, string> = {
  plain: "permessage-deflate",
  "server-no-context-takeover": "permessage-deflate; server_no_context_takeover",
  "client-no-context-takeover": "permessage-deflate; client_no_context_takeover",
  "server-bits-8": "permessage-deflate; server_max_window_bits=8",
  "server-bits-15": "permessage-deflate; server_max_window_bits=15",
  "client-bits-8": "permessage-deflate; client_max_window_bits=8",
  "client-bits-15": "permessage-deflate; client_max_window_bits=15",
  quoted: 'permessage-deflate; server_max_window_bits="10"',
  all: "permessage-deflate;server_no_context_takeover;client_no_context_takeover;server_max_window_bits=10;client_max_window_bits=11",
  blanks: "permessage-deflate ;\tserver_max_window_bits = 10",
};

const DEFLATE_FAILS: Record<string, string> = {
  "server-bits-7": "permessage-deflate; server_max_window_bits=7",
  "server-bits-16": "permessage-deflate; server_max_window_bits=16",
  "server-bits-08": "permessage-deflate; server_max_window_bits=08",
  "server-bits-without-value": "permessage-deflate; server_max_window_bits",
  "server-bits-empty": 'permessage-deflate; server_max_window_bits=""',
  "server-bits-word": "permessage-deflate; server_max_window_bits=ten",
  "server-bits-negative": "permessage-deflate; server_max_window_bits=-10",
  "server-bits-twice": "permessage-deflate; server_max_window_bits=10; server_max_window_bits=10",
  "client-bits-7": "permessage-deflate; client_max_window_bits=7",
  "client-bits-16": "permessage-deflate; client_max_window_bits=16",
  "client-bits-without-value": "permessage-deflate; client_max_window_bits",
  "client-bits-twice": "permessage-deflate; client_max_window_bits=10; client_max_window_bits=11",
  "server-takeover-with-value": "permessage-deflate; server_no_context_takeover=1",
  "server-takeover-twice": "permessage-deflate; server_no_context_takeover; server_no_context_takeover",
  "client-takeover-with-value": "permessage-deflate; client_no_context_takeover=true",
  "unknown-parameter": "permessage-deflate; memory_level=9",
  "not-offered": "x-webkit-deflate-frame",
  "not-offered-behind": "permessage-deflate, x-other",
  twice: "permessage-deflate, permessage-deflate",
  "empty-parameter": "permessage-deflate;; server_no_context_takeover",
  "trailing-semicolon": "permessage-deflate;",
  "unclosed-quote": 'permessage-deflate; server_max_window_bits="10',
};

const extensionAnswers: ClientHandshakeCase[] = [
  ...Object.entries(DEFLATE_OPENS).map(([id, value]) => ({
    id: `extensions/${id}`,
    section: PARAMETERS,
    shows: `an answer to the offer: ${value}`,
    options: { perMessageDeflate: {} },
    more: [`Sec-WebSocket-Extensions: ${value}`],
    outcome: { protocol: "", extensions: "permessage-deflate" },
  })),
  ...Object.entries(DEFLATE_FAILS).map(([id, value]) => ({
    id: `extensions/${id}`,
    section: PARAMETERS,
    shows: `an answer that fails the connection: ${value}`,
    options: { perMessageDeflate: {} },
    more: [`Sec-WebSocket-Extensions: ${value}`],
    outcome: extensions,
  })),
  {
    id: "extensions/declined",
    section: "[7692] 5",
    shows: "a server may decline the offer",
    options: { perMessageDeflate: {} },
    outcome: opens,
  },
  {
    id: "extensions/nothing-offered",
    section: RESPONSE,
    shows: "an extension where none was offered fails the connection",
    options: { perMessageDeflate: false },
    more: ["Sec-WebSocket-Extensions: permessage-deflate"],
    outcome: extensions,
  },
  {
    id: "extensions/two-headers",
    section: "[7692] 5",
    shows: "the extension accepted in two headers is accepted twice",
    options: { perMessageDeflate: {} },
    more: ["Sec-WebSocket-Extensions: permessage-deflate", "Sec-WebSocket-Extensions: permessage-deflate"],
    outcome: extensions,
  },
  {
    id: "extensions/more-server-bits-than-asked",
    section: PARAMETERS,
    shows: "a larger window of the server than the client asked for fails the connection",
    options: { perMessageDeflate: { serverMaxWindowBits: 10 } },
    more: ["Sec-WebSocket-Extensions: permessage-deflate; server_max_window_bits=11"],
    outcome: extensions,
  },
  {
    id: "extensions/fewer-server-bits-than-asked",
    section: PARAMETERS,
    shows: "a smaller window of the server than the client asked for is fine",
    options: { perMessageDeflate: { serverMaxWindowBits: 10 } },
    more: ["Sec-WebSocket-Extensions: permessage-deflate; server_max_window_bits=9"],
    outcome: { protocol: "", extensions: "permessage-deflate" },
  },
];

export const clientHandshakes: readonly ClientHandshakeCase[] = [
  ...accepted,
  ...statuses,
  ...broken,
  ...subprotocols,
  ...extensionAnswers,
];
