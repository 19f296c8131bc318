import type { ClientHandshakeCase } from "./client-handshake-case.js";

const RESPONSE = "[6455] 4.1";
const PARAMETERS = "[7692] 7.1";
const opens = { protocol: "", extensions: "" };
const fails = (...errors: string[]) => ({ errors });
const protocol = fails("ERR_WS_HANDSHAKE_PROTOCOL");
const extensions = fails("ERR_WS_HANDSHAKE_EXTENSIONS");

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

/** How a server may answer a client's subprotocols and its offer of permessage-deflate. */
export const serverChoices: readonly ClientHandshakeCase[] = [...subprotocols, ...extensionAnswers];
