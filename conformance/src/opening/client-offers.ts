import type { SubjectServerOptions } from "../subject/subject.js";
import type { ServerHandshakeCase } from "./server-handshake-case.js";

const NEGOTIATION = "[7692] 5";
const EXTENSIONS = "sec-websocket-extensions";

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

/** What a server answers to offers of permessage-deflate. */
export const clientOffers: readonly ServerHandshakeCase[] = [
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
