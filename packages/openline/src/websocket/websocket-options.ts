import type { DialSettings } from "../network/dial-options.js";
import {
  type ConnectionSettings,
  connectionOptionNames,
  maxDelay,
  readConnectionSettings,
} from "./connection-options.js";
import { type HeadersOption, readHeaders } from "./headers-option.js";
import { type NetworkOptions, networkOptionNames, readNetworkSettings } from "./network-options.js";
import { checkBoolean, checkInteger, checkNames, checkSignal, type Given } from "./option-checks.js";
import { readTlsSettings, type TlsOptions, tlsOptionNames } from "./tls-options.js";

export type { HeadersOption } from "./headers-option.js";

/** What `new WebSocket(url, options)` takes besides the standard's `protocols`. */
export interface WebSocketOptions extends Partial<ConnectionSettings>, NetworkOptions, TlsOptions {
  /** Subprotocols to ask for, as in the standard's second argument. */
  readonly protocols?: string | Iterable<string>;
  /** Further headers of the request, as an object, pairs or a `Headers`. The handshake's own can't be changed. */
  readonly headers?: HeadersOption;
  /** The request's `Origin` header, which a browser would send. Default: none. */
  readonly origin?: string;
  /** Milliseconds for the opening handshake: names, TCP, proxy and TLS included. Default 30,000. */
  readonly handshakeTimeout?: number;
  /**
   * Whether a handshake waits until others to the same host and port are through. Default true, as the RFC asks;
   * `false` is for programs that open hundreds of connections to one host. [6455] 4.1
   */
  readonly serializeHandshakes?: boolean;
  /** Ends the attempt to connect, and later the connection: its reason is the `cause` of the error. */
  readonly signal?: AbortSignal;
}

/** The options of one object, checked and complete. */
export interface WebSocketSettings {
  /** What counts once the connection is there. */
  readonly connection: ConnectionSettings;
  readonly dial: DialSettings;
  readonly signal: AbortSignal | undefined;
}

const optionNames = [
  "protocols",
  "headers",
  "origin",
  "handshakeTimeout",
  "serializeHandshakes",
  "signal",
  ...networkOptionNames,
  ...tlsOptionNames,
  ...connectionOptionNames,
] as const;

const noNetworkSettings = readNetworkSettings({});
const noTlsSettings = readTlsSettings({});

const defaultHandshakeTimeout = 30_000;

/** @throws TypeError that names the option, the value and what was expected. */
export function readSettings(options: WebSocketOptions): WebSocketSettings {
  const given = checkNames(options, optionNames, "WebSocket");
  const connection = readConnectionSettings(given);
  const signal = checkSignal(given, "signal");
  const { address, socketPath, agent, proxy, createConnection, http2 } = hasAny(given, networkOptionNames)
    ? readNetworkSettings(given)
    : noNetworkSettings;
  // Each by its name: of an object that is spread V8 keeps a shape for each connection.
  const dial = {
    perMessageDeflate: connection.perMessageDeflate,
    headers: readHeaders(given),
    handshakeTimeout: checkInteger(given, "handshakeTimeout", 1, maxDelay) ?? defaultHandshakeTimeout,
    serializeHandshakes: checkBoolean(given, "serializeHandshakes") ?? true,
    tls: hasAny(given, tlsOptionNames) ? readTlsSettings(given) : noTlsSettings,
    address,
    socketPath,
    agent,
    proxy,
    createConnection,
    http2,
    signal,
  };
  return { connection, dial, signal };
}

/** Most programs leave these to their defaults, and then the objects are the same for all: 5 µs a connection. */
function hasAny(given: Given, names: readonly string[]): boolean {
  return names.some((name) => name in given);
}

/** The settings of an object without options: one for all. */
export const defaultSettings: WebSocketSettings = readSettings({});
