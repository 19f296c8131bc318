import {
  CONNECTION,
  HOST,
  KEY,
  REQUIRED,
  type ServerHandshakeCase,
  switched,
  UPGRADE,
  VERSION,
} from "./server-handshake-case.js";

const REQUEST = "[6455] 4.2.1";
const EXTENSIONS = "sec-websocket-extensions";
const PROTOCOL = "sec-websocket-protocol";
const bad = { status: [400] };

function request(
  id: string,
  shows: string,
  fields: readonly string[],
  answer: ServerHandshakeCase["answer"],
): ServerHandshakeCase {
  return { id, section: REQUEST, shows, fields, answer };
}

const accepted: ServerHandshakeCase[] = [
  request("plain", "the required headers are enough", REQUIRED, {
    status: [101],
    fields: { [EXTENSIONS]: null, [PROTOCOL]: null },
  }),
  request(
    "names-upper-case",
    "names of headers have no case",
    REQUIRED.map((line) => line.replace(/^[^:]+/, (name) => name.toUpperCase())),
    switched,
  ),
  request(
    "names-lower-case",
    "names of headers have no case",
    REQUIRED.map((line) => line.replace(/^[^:]+/, (name) => name.toLowerCase())),
    switched,
  ),
  request(
    "upgrade-case",
    "the value of Upgrade has no case",
    [HOST, "Upgrade: WebSocket", CONNECTION, KEY, VERSION],
    switched,
  ),
  request(
    "connection-case",
    "tokens of Connection have no case",
    [HOST, UPGRADE, "Connection: UPGRADE", KEY, VERSION],
    switched,
  ),
  request(
    "connection-list",
    "Connection may list other tokens, as Firefox does",
    [HOST, UPGRADE, "Connection: keep-alive, Upgrade", KEY, VERSION],
    switched,
  ),
  request("any-order", "headers come in any order", [...REQUIRED].reverse(), switched),
  request(
    "other-headers",
    "other headers don't matter",
    ["X-A: 1", ...REQUIRED, "Cookie: a=b", "User-Agent: nobody"],
    switched,
  ),
  request(
    "origin",
    "any origin is fine where none is named",
    [...REQUIRED, "Origin: https://example.com"],
    switched,
  ),
  {
    id: "target",
    section: REQUEST,
    shows: "any path is fine where none is named",
    requestLine: "GET /any/path?query HTTP/1.1",
    answer: switched,
  },
  {
    id: "byte-by-byte",
    section: REQUEST,
    shows: "the request may come byte by byte",
    cut: 1,
    answer: switched,
  },
  {
    id: "packets-of-17",
    section: REQUEST,
    shows: "the request may be cut anywhere",
    cut: 17,
    answer: switched,
  },
];

const refused: ServerHandshakeCase[] = [
  ...["POST", "PUT", "HEAD", "DELETE", "OPTIONS"].map(
    (method): ServerHandshakeCase => ({
      id: `method/${method}`,
      section: REQUEST,
      shows: `${method} is not the method of a handshake`,
      requestLine: `${method} / HTTP/1.1`,
      answer: { status: [405], fields: { allow: "GET" } },
    }),
  ),
  {
    id: "http-1.0",
    section: REQUEST,
    shows: "HTTP/1.0 has no upgrade",
    requestLine: "GET / HTTP/1.0",
    answer: { status: [400, 426, 505] },
  },
  {
    id: "http-1.0/keep-alive",
    section: REQUEST,
    shows: "HTTP/1.0 has no upgrade, even kept alive",
    requestLine: "GET / HTTP/1.0",
    fields: [HOST, UPGRADE, "Connection: keep-alive, Upgrade", KEY, VERSION],
    answer: { status: [400, 426, 505] },
  },
  ...["12", "14", "8", "7", "0", "013", "13.0", "thirteen", "-13", "256"].map((version) =>
    request(
      `version/${version}`,
      `version ${version} is answered with the one that is spoken`,
      [HOST, UPGRADE, CONNECTION, KEY, `Sec-WebSocket-Version: ${version}`],
      { status: [426], fields: { "sec-websocket-version": "13" } },
    ),
  ),
  request("version/missing", "a request without a version is refused", [HOST, UPGRADE, CONNECTION, KEY], {
    status: [400, 426],
    fields: { "sec-websocket-version": "13" },
  }),
  request("key/missing", "a request without a key is refused", [HOST, UPGRADE, CONNECTION, VERSION], bad),
  request(
    "key/empty",
    "an empty key is refused",
    [HOST, UPGRADE, CONNECTION, "Sec-WebSocket-Key:", VERSION],
    bad,
  ),
  request(
    "key/short",
    "a key of 15 bytes is refused",
    [HOST, UPGRADE, CONNECTION, `Sec-WebSocket-Key: ${Buffer.alloc(15, 1).toString("base64")}`, VERSION],
    bad,
  ),
  request(
    "key/long",
    "a key of 17 bytes is refused",
    [HOST, UPGRADE, CONNECTION, `Sec-WebSocket-Key: ${Buffer.alloc(17, 1).toString("base64")}`, VERSION],
    bad,
  ),
  request(
    "key/not-base64",
    "a key that isn't base64 is refused",
    [HOST, UPGRADE, CONNECTION, "Sec-WebSocket-Key: !!!!!!!!!!!!!!!!!!!!!!==", VERSION],
    bad,
  ),
  request(
    "key/base64url",
    "a key in the alphabet for URLs is refused",
    [HOST, UPGRADE, CONNECTION, "Sec-WebSocket-Key: ____________________-w==", VERSION],
    bad,
  ),
  request(
    "key/unpadded",
    "a key without its padding is refused",
    [HOST, UPGRADE, CONNECTION, "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA", VERSION],
    bad,
  ),
  request("key/twice", "two keys are refused", [...REQUIRED, KEY], bad),
  request("upgrade/missing", "a request without Upgrade is no handshake", [HOST, CONNECTION, KEY, VERSION], {
    status: [400, 426],
  }),
  request(
    "upgrade/other",
    "another protocol than websocket is refused",
    [HOST, "Upgrade: h2c", CONNECTION, KEY, VERSION],
    { status: [400, 426] },
  ),
  request(
    "upgrade/longer",
    "a longer word than websocket is refused",
    [HOST, "Upgrade: websockets", CONNECTION, KEY, VERSION],
    { status: [400, 426] },
  ),
  request(
    "connection/missing",
    "a request without Connection is no handshake",
    [HOST, UPGRADE, KEY, VERSION],
    { status: [400, 426] },
  ),
  request(
    "connection/close",
    "Connection without Upgrade is no handshake",
    [HOST, UPGRADE, "Connection: close", KEY, VERSION],
    { status: [400, 426] },
  ),
  request(
    "connection/part-of-token",
    "a token that only contains the word is no handshake",
    [HOST, UPGRADE, "Connection: Upgraded", KEY, VERSION],
    { status: [400, 426] },
  ),
  request("host/missing", "a request without Host is refused", [UPGRADE, CONNECTION, KEY, VERSION], bad),
  request("ordinary-request", "an ordinary request is told to upgrade", [HOST], { status: [400, 426] }),
];

/** Requests that a server may take, and requests that it must refuse. */
export const clientRequests: readonly ServerHandshakeCase[] = [...accepted, ...refused];
