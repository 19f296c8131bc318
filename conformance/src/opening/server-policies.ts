import { type ServerHandshakeCase, switched } from "./server-handshake-case.js";

const REQUEST = "[6455] 4.2.1";
const RESPONSE = "[6455] 4.2.2";
const PROTOCOL = "sec-websocket-protocol";
const bad = { status: [400] };

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

/** What a server makes of paths, origins and subprotocols, by its options. */
export const serverPolicies: readonly ServerHandshakeCase[] = [...policies, ...subprotocols];
