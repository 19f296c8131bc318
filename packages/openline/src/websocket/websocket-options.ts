import { validateHeaderName, validateHeaderValue } from "node:http";
import type { TlsSettings } from "../network/dial.js";
import {
  type ConnectionSettings,
  connectionOptionNames,
  maxDelay,
  readConnectionSettings,
} from "./connection-options.js";
import { shown } from "./exceptions.js";
import {
  checkBoolean,
  checkInteger,
  checkNames,
  checkString,
  type Given,
  refuseOption,
} from "./option-checks.js";

/** What `new WebSocket(url, options)` takes besides the standard's `protocols`. */
export interface WebSocketOptions extends Partial<ConnectionSettings> {
  /** Subprotocols to ask for, as in the standard's second argument. */
  readonly protocols?: string | Iterable<string>;
  /** Further headers of the request, as an object, pairs or a `Headers`. The handshake's own can't be changed. */
  readonly headers?: HeadersOption;
  /** Milliseconds for the opening handshake, TCP and TLS included. Default 30,000. */
  readonly handshakeTimeout?: number;
  /** Certificate authorities to trust instead of Node's own (`node:tls`). */
  readonly ca?: TlsSettings["ca"];
  /** Client certificate in PEM form (`node:tls`). */
  readonly cert?: TlsSettings["cert"];
  /** The client certificate's private key in PEM form (`node:tls`). */
  readonly key?: TlsSettings["key"];
  /** Whether a certificate that can't be verified ends the attempt. Default true; false is for tests. */
  readonly rejectUnauthorized?: boolean;
  /** The name to indicate to the server and to verify its certificate for. Default: the URL's host. */
  readonly servername?: string;
}

/** Headers as `fetch` takes them. */
export type HeadersOption =
  | Readonly<Record<string, string | readonly string[]>>
  | Iterable<readonly [string, string]>;

/** The options of one object, checked and complete. */
export interface WebSocketSettings extends ConnectionSettings {
  readonly headers: readonly (readonly [string, string])[];
  readonly handshakeTimeout: number;
  readonly tls: TlsSettings;
}

const optionNames = [
  "protocols",
  "headers",
  "handshakeTimeout",
  "ca",
  "cert",
  "key",
  "rejectUnauthorized",
  "servername",
  ...connectionOptionNames,
] as const;

const defaultHandshakeTimeout = 30_000;

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

/** @throws TypeError that names the option, the value and what was expected. */
export function readSettings(options: WebSocketOptions): WebSocketSettings {
  const given = checkNames(options, optionNames, "WebSocket");
  const tls = {
    ca: checkPem(given, "ca"),
    cert: checkPem(given, "cert"),
    key: checkPem(given, "key"),
    rejectUnauthorized: checkBoolean(given, "rejectUnauthorized"),
    servername: checkString(given, "servername"),
  };
  return {
    ...readConnectionSettings(given),
    headers: readHeaders(options.headers),
    handshakeTimeout: checkInteger(given, "handshakeTimeout", 1, maxDelay) ?? defaultHandshakeTimeout,
    tls: Object.fromEntries(Object.entries(tls).filter(([, setting]) => setting !== undefined)),
  };
}

/** Certificates and keys, which `node:tls` reads itself once the connection is opened. */
function checkPem(options: Given, name: "ca" | "cert" | "key"): TlsSettings["ca"] {
  const value = options[name];
  const each = Array.isArray(value) ? value : [value];
  if (value === undefined || each.every((item) => typeof item === "string" || ArrayBuffer.isView(item))) {
    return value as TlsSettings["ca"];
  }
  // The value may be a secret: it isn't shown.
  return refuseOption(name, `of type ${typeof value}`, "a string, a Buffer or a list of these");
}

function readHeaders(headers: unknown): [string, string][] {
  if (headers === undefined) return [];
  if (typeof headers !== "object" || headers === null) {
    return refuseOption("headers", headers, "an object, a list of pairs or a Headers object");
  }
  const pairs = Symbol.iterator in headers ? [...(headers as Iterable<unknown>)] : Object.entries(headers);
  const list: [string, string][] = [];
  for (const pair of pairs) {
    if (!Array.isArray(pair) || pair.length !== 2)
      return refuseOption("headers", shown(pair), "a list of [name, value] pairs");
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

/** The settings of an object without options: one for all. */
export const defaultSettings: WebSocketSettings = readSettings({});
