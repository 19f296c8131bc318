import { validateHeaderName, validateHeaderValue } from "node:http";
import { shown } from "./exceptions.js";
import { checkString, type Given, refuseOption, refuseSecret } from "./option-checks.js";

/** Headers as `fetch` takes them. */
export type HeadersOption =
  | Readonly<Record<string, string | readonly string[]>>
  | Iterable<readonly [string, string]>;

/** Headers that the opening handshake or HTTP itself owns. */
const ownHeaders = new Set([
  "connection",
  "content-length",
  "host",
  "sec-websocket-accept",
  "sec-websocket-extensions",
  "sec-websocket-key",
  "sec-websocket-protocol",
  "sec-websocket-version",
  "transfer-encoding",
  "upgrade",
]);

/** The headers of the options `headers` and `origin`. */
export function readHeaders(given: Given): [name: string, value: string][] {
  const list = readList(given["headers"]);
  const origin = checkString(given, "origin");
  if (origin === undefined) return list;
  // RFC 6454, 6.2; schemes of applications as "chrome-extension://…" are no origins to Node's URL.
  if (origin !== "null" && !/^[a-z][a-z0-9+.-]*:\/\/[!-.0-9:;A-Z[\]_a-z~]+$/.test(origin)) {
    return refuseOption("origin", origin, 'an origin such as "https://example.com", or "null"');
  }
  if (list.some(([name]) => name.toLowerCase() === "origin")) {
    throw new TypeError("The option headers has the header Origin, which the option origin gives as well");
  }
  return [...list, ["Origin", origin]];
}

function readList(headers: unknown): [string, string][] {
  if (headers === undefined) return [];
  if (typeof headers === "string")
    return refuseSecret("headers", headers, "an object, a list of pairs or a Headers object");
  if (typeof headers !== "object" || headers === null) {
    return refuseOption("headers", headers, "an object, a list of pairs or a Headers object");
  }
  const pairs = Symbol.iterator in headers ? [...(headers as Iterable<unknown>)] : Object.entries(headers);
  const list: [string, string][] = [];
  for (const pair of pairs) {
    if (!Array.isArray(pair) || pair.length !== 2) {
      // What stands there may be a secret: it isn't shown.
      throw new TypeError("The option headers is a list with an entry that is no [name, value] pair");
    }
    const [name, value] = pair as [unknown, unknown];
    for (const each of Array.isArray(value) ? value : [value]) list.push(checkHeader(String(name), each));
  }
  return list;
}

function checkHeader(name: string, value: unknown): [string, string] {
  try {
    validateHeaderName(name);
    validateHeaderValue(name, String(value));
  } catch {
    // A header's value may be a secret: it isn't shown.
    throw new TypeError(
      `The option headers has a header ${shown(name)} whose name or value HTTP does not allow`,
    );
  }
  if (ownHeaders.has(name.toLowerCase())) {
    throw new TypeError(`The option headers has the header ${name}, which belongs to the opening handshake`);
  }
  return [name, String(value)];
}
