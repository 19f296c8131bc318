import { encodeFrame, Opcode } from "../peer/frame-codec.js";
import { ACCEPT, type ClientHandshakeCase, CONNECTION, REQUIRED, UPGRADE } from "./client-handshake-case.js";

const RESPONSE = "[6455] 4.1";
const opens = { protocol: "", extensions: "" };
const fails = (...errors: string[]) => ({ errors });
const status = fails("ERR_WS_HANDSHAKE_STATUS");
const upgrade = fails("ERR_WS_HANDSHAKE_UPGRADE");
const connection = fails("ERR_WS_HANDSHAKE_CONNECTION");
const accept = fails("ERR_WS_HANDSHAKE_ACCEPT");
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

/** What a server may answer a client's request with, and what it may not. */
export const serverResponses: readonly ClientHandshakeCase[] = [...accepted, ...statuses, ...broken];
