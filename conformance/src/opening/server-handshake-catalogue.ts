import type { SubjectServerOptions } from "../subject/subject.js";

/** What a client asks a server, and what must come back. */
export interface ServerHandshakeCase {
  readonly id: string;
  readonly section: string;
  readonly shows: string;
  readonly options?: SubjectServerOptions;
  /** Default: `GET / HTTP/1.1`. */
  readonly requestLine?: string;
  /** Header lines. `{key}` stands for a fresh key. Default: the five that a client must send. */
  readonly fields?: readonly string[];
  /** Lines after these. */
  readonly more?: readonly string[];
  readonly cut?: number;
  readonly answer: {
    /** Several where HTTP leaves the choice. */
    readonly status: readonly number[];
    /** Headers of the answer, by their lower-case name: their value, or null where they must not be there. */
    readonly fields?: Readonly<Record<string, string | null>>;
  };
}

export const HOST = "Host: 127.0.0.1";
export const UPGRADE = "Upgrade: websocket";
export const CONNECTION = "Connection: Upgrade";
export const KEY = "Sec-WebSocket-Key: {key}";
export const VERSION = "Sec-WebSocket-Version: 13";
export const REQUIRED = [HOST, UPGRADE, CONNECTION, KEY, VERSION];

const REQUEST = "[6455] 4.2.1";
const RESPONSE = "[6455] 4.2.2";
const NEGOTIATION = "[7692] 5";
const EXTENSIONS = "sec-websocket-extensions";
const PROTOCOL = "sec-websocket-protocol";
const switched = { status: [101] };
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

const policies: ServerHandshakeCase[] = [
  {
    id: "path/right",
    section: RESPONSE,
    shows: "the path that is served",
    options: { path: "/chat" },
    requestLine: "GET /chat HTTP/1.1",
    answer: switched,
  },
  {
    id: "path/with-query",
    section: RESPONSE,
    shows: "the query is no part of the path",
    options: { path: "/chat" },
    requestLine: "GET /chat?room=1 HTTP/1.1",
    answer: switched,
  },
  {
    id: "path/wrong",
    section: RESPONSE,
    shows: "another path than the one served is refused",
    options: { path: "/chat" },
    requestLine: "GET /other HTTP/1.1",
    answer: { status: [404, 400] },
  },
  {
    id: "path/longer",
    section: RESPONSE,
    shows: "a path that only begins like the one served is refused",
    options: { path: "/chat" },
    requestLine: "GET /chatter HTTP/1.1",
    answer: { status: [404, 400] },
  },
  {
    id: "origin/allowed",
    section: "[6455] 10.2",
    shows: "an origin that is allowed",
    options: { allowedOrigins: ["https://a.example", "https://b.example"] },
    more: ["Origin: https://b.example"],
    answer: switched,
  },
  {
    id: "origin/not-allowed",
    section: "[6455] 10.2",
    shows: "an origin that isn't allowed is refused",
    options: { allowedOrigins: ["https://a.example"] },
    more: ["Origin: https://evil.example"],
    answer: { status: [403] },
  },
  {
    id: "origin/other-port",
    section: "[6455] 10.2",
    shows: "another port is another origin",
    options: { allowedOrigins: ["https://a.example"] },
    more: ["Origin: https://a.example:8443"],
    answer: { status: [403] },
  },
  {
    id: "origin/other-scheme",
    section: "[6455] 10.2",
    shows: "another scheme is another origin",
    options: { allowedOrigins: ["https://a.example"] },
    more: ["Origin: http://a.example"],
    answer: { status: [403] },
  },
  {
    id: "origin/longer",
    section: "[6455] 10.2",
    shows: "a host that only begins like the allowed one is refused",
    options: { allowedOrigins: ["https://a.example"] },
    more: ["Origin: https://a.example.evil.example"],
    answer: { status: [403] },
  },
  {
    id: "origin/null",
    section: "[6455] 10.2",
    shows: "the opaque origin isn't allowed by itself",
    options: { allowedOrigins: ["https://a.example"] },
    more: ["Origin: null"],
    answer: { status: [403] },
  },
];

const choosesB = {
  handleProtocols: (protocols: ReadonlySet<string>) => (protocols.has("b") ? "b" : (false as const)),
};

const subprotocols: ServerHandshakeCase[] = [
  {
    id: "subprotocol/first",
    section: RESPONSE,
    shows: "without a rule the client's first choice is taken",
    more: ["Sec-WebSocket-Protocol: a, b"],
    answer: { status: [101], fields: { [PROTOCOL]: "a" } },
  },
  {
    id: "subprotocol/chosen",
    section: RESPONSE,
    shows: "the rule's choice stands in the answer",
    options: choosesB,
    more: ["Sec-WebSocket-Protocol: a, b"],
    answer: { status: [101], fields: { [PROTOCOL]: "b" } },
  },
  {
    id: "subprotocol/none-chosen",
    section: RESPONSE,
    shows: "a rule that chooses none leaves the header out",
    options: choosesB,
    more: ["Sec-WebSocket-Protocol: a, c"],
    answer: { status: [101], fields: { [PROTOCOL]: null } },
  },
  {
    id: "subprotocol/none-asked",
    section: RESPONSE,
    shows: "without a request for one there is none",
    options: choosesB,
    answer: { status: [101], fields: { [PROTOCOL]: null } },
  },
  {
    id: "subprotocol/two-headers",
    section: "[6455] 11.3.4",
    shows: "subprotocols may come in several headers",
    options: choosesB,
    more: ["Sec-WebSocket-Protocol: a", "Sec-WebSocket-Protocol: b"],
    answer: { status: [101], fields: { [PROTOCOL]: "b" } },
  },
  {
    id: "subprotocol/empty",
    section: REQUEST,
    shows: "an empty list is refused",
    more: ["Sec-WebSocket-Protocol:"],
    answer: { status: [400, 101], fields: { [PROTOCOL]: null } },
  },
  {
    id: "subprotocol/not-a-token",
    section: REQUEST,
    shows: "a name that isn't a token is refused",
    more: ["Sec-WebSocket-Protocol: a b"],
    answer: bad,
  },
  {
    id: "subprotocol/repeated",
    section: REQUEST,
    shows: "a name that comes twice is refused",
    more: ["Sec-WebSocket-Protocol: a, a"],
    answer: bad,
  },
];

function offer(
  id: string,
  value: string,
  answered: string | null,
  options: SubjectServerOptions = {},
): ServerHandshakeCase {
  return {
    id: `extensions/${id}`,
    section: NEGOTIATION,
    shows: `${value || "nothing"} is answered with ${answered ?? "no extension"}`,
    options: { perMessageDeflate: {}, ...options },
    more: [`Sec-WebSocket-Extensions: ${value}`],
    answer: { status: [101], fields: { [EXTENSIONS]: answered } },
  };
}

const DEFLATE = "permessage-deflate";

const offers: ServerHandshakeCase[] = [
  {
    id: "extensions/nothing-offered",
    section: NEGOTIATION,
    shows: "no offer, no extension",
    options: { perMessageDeflate: {} },
    answer: { status: [101], fields: { [EXTENSIONS]: null } },
  },
  offer("plain", DEFLATE, DEFLATE),
  offer("switched-off", DEFLATE, null, { perMessageDeflate: false }),
  offer("unknown", "x-other", null),
  offer("unknown-first", `x-other; a=b, ${DEFLATE}`, DEFLATE),
  offer(
    "server-no-context-takeover",
    `${DEFLATE}; server_no_context_takeover`,
    `${DEFLATE}; server_no_context_takeover`,
  ),
  ...[8, 9, 10, 14, 15].map((bits) =>
    offer(
      `server-bits-${bits}`,
      `${DEFLATE}; server_max_window_bits=${bits}`,
      `${DEFLATE}; server_max_window_bits=${bits}`,
    ),
  ),
  offer(
    "server-bits-quoted",
    `${DEFLATE}; server_max_window_bits="10"`,
    `${DEFLATE}; server_max_window_bits=10`,
  ),
  offer("limits-client", `${DEFLATE}; client_max_window_bits`, `${DEFLATE}; client_max_window_bits=10`, {
    perMessageDeflate: { clientMaxWindowBits: 10 },
  }),
  offer(
    "limits-client-further",
    `${DEFLATE}; client_max_window_bits=12`,
    `${DEFLATE}; client_max_window_bits=10`,
    { perMessageDeflate: { clientMaxWindowBits: 10 } },
  ),
  offer("limits-itself", DEFLATE, `${DEFLATE}; server_max_window_bits=9`, {
    perMessageDeflate: { serverMaxWindowBits: 9 },
  }),
  offer("frees-itself", DEFLATE, `${DEFLATE}; server_no_context_takeover`, {
    perMessageDeflate: { serverNoContextTakeover: true },
  }),
  offer("frees-client", DEFLATE, `${DEFLATE}; client_no_context_takeover`, {
    perMessageDeflate: { clientNoContextTakeover: true },
  }),
  ...[
    "server_max_window_bits=7",
    "server_max_window_bits=16",
    "server_max_window_bits=010",
    "server_max_window_bits",
    "client_max_window_bits=7",
    "client_max_window_bits=16",
    "server_no_context_takeover=1",
    "client_no_context_takeover=0",
    "unknown_parameter",
    "server_no_context_takeover; server_no_context_takeover",
    "client_max_window_bits; client_max_window_bits=10",
  ].flatMap((parameter) => [
    offer(`declined/${parameter}`, `${DEFLATE}; ${parameter}`, null),
    offer(`declined/${parameter}/fallback`, `${DEFLATE}; ${parameter}, ${DEFLATE}`, DEFLATE),
  ]),
  ...[
    `${DEFLATE};`,
    `${DEFLATE};; a`,
    `; ${DEFLATE}`,
    `${DEFLATE} server_max_window_bits=10`,
    `${DEFLATE}; a="b`,
    `${DEFLATE}; client_max_window_bits=""`,
    `${DEFLATE}; =b`,
    `${DEFLATE}; a=`,
  ].map(
    (value): ServerHandshakeCase => ({
      id: `extensions/malformed/${value}`,
      section: "[6455] 9.1",
      shows: `an offer that can't be read is refused or declined: ${value}`,
      options: { perMessageDeflate: {} },
      more: [`Sec-WebSocket-Extensions: ${value}`],
      answer: { status: [101, 400], fields: { [EXTENSIONS]: null } },
    }),
  ),
];

export const serverHandshakes: readonly ServerHandshakeCase[] = [
  ...accepted,
  ...refused,
  ...policies,
  ...subprotocols,
  ...offers,
];
