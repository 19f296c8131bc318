import type { TracedHeaders } from "./traces.js";

/** Stands for what may be a credential. */
export const hidden = "(hidden)";

/** Headers whose values belong to HTTP and to the opening handshake, and so hold no secret. */
const harmless = new Set([
  "accept",
  "accept-encoding",
  "accept-language",
  "cache-control",
  "connection",
  "content-length",
  "content-type",
  "date",
  "host",
  "origin",
  "pragma",
  "sec-websocket-accept",
  "sec-websocket-extensions",
  "sec-websocket-protocol",
  "sec-websocket-version",
  "server",
  "transfer-encoding",
  "upgrade",
  "user-agent",
  "via",
]);

/** The headers as they may be shown. One that we don't know may hold a token: only its name is left. */
export function maskHeaders(headers: TracedHeaders): TracedHeaders {
  return headers.map(([name, value]) => [name, harmless.has(name.toLowerCase()) ? value : hidden]);
}

/** Names of query parameters that speak of credentials. */
const secretName = /auth|code|credential|jwt|key|pass|secret|session|sig|ticket|token/i;

/** The URL without user name and password, and without what its query names as a credential; "" where it is none. */
export function maskUrl(text: string): string {
  if (!URL.canParse(text)) return "";
  const url = new URL(text);
  url.username = "";
  url.password = "";
  for (const name of new Set(url.searchParams.keys())) {
    if (secretName.test(name)) url.searchParams.set(name, hidden);
  }
  return url.href;
}
