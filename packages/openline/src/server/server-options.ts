import type { Server as HttpServer, IncomingMessage } from "node:http";
import type { Http2SecureServer, Http2Server } from "node:http2";
import type { Duplex } from "node:stream";
import {
  type ConnectionSettings,
  connectionOptionNames,
  readConnectionSettings,
} from "../websocket/connection-options.js";
import {
  checkBoolean,
  checkFunction,
  checkInteger,
  checkNames,
  checkObject,
  checkString,
  type Given,
  refuseOption,
} from "../websocket/option-checks.js";

/** An HTTP or HTTPS server of Node's, or anything that emits `upgrade` the way they do. */
export interface UpgradeSource {
  on(event: "upgrade", listener: (request: IncomingMessage, socket: Duplex, head: Buffer) => void): unknown;
  off(event: "upgrade", listener: (request: IncomingMessage, socket: Duplex, head: Buffer) => void): unknown;
  listenerCount(event: "upgrade"): number;
  address(): ReturnType<HttpServer["address"]>;
}

/** What `new WebSocketServer(options)` takes: exactly one of `port`, `server` and `noServer`. */
export interface WebSocketServerOptions extends Partial<ConnectionSettings> {
  /** Listen on this port; 0 picks a free one. */
  readonly port?: number;
  /** With `port`: the address to listen on. Default: all, as in `node:net`. */
  readonly host?: string;
  /**
   * Take the upgrades of this HTTP or HTTPS server, or the extended CONNECT requests of this HTTP/2 server, which
   * somebody else starts and stops.
   */
  readonly server?: UpgradeSource | Http2Server | Http2SecureServer;
  /** Take only what is given to `handleUpgrade`. */
  readonly noServer?: boolean;
  /** The only path that is served, compared without the query. Default: every path. */
  readonly path?: string;
  /**
   * Chooses one of the subprotocols that a client asks for, `false` for none. Default: the client's first.
   * What it returns has to be one of `protocols`.
   */
  readonly handleProtocols?: (protocols: ReadonlySet<string>, request: IncomingMessage) => string | false;
  /** The origins that browsers may connect from; a request without `Origin` passes. Default: every origin. */
  readonly allowedOrigins?: readonly string[];
}

/** The options of one server, checked and complete. */
export interface WebSocketServerSettings extends ConnectionSettings {
  readonly listen: { readonly port: number; readonly host: string | undefined } | undefined;
  readonly server: UpgradeSource | Http2Server | Http2SecureServer | undefined;
  readonly path: string | undefined;
  readonly handleProtocols: WebSocketServerOptions["handleProtocols"];
  readonly allowedOrigins: ReadonlySet<string> | undefined;
}

const optionNames = [
  "port",
  "host",
  "server",
  "noServer",
  "path",
  "handleProtocols",
  "allowedOrigins",
  ...connectionOptionNames,
] as const;

/** @throws TypeError that names the option, the value and what was expected. */
export function readServerSettings(options: WebSocketServerOptions): WebSocketServerSettings {
  if (typeof options !== "object" || options === null) {
    throw new TypeError(`WebSocketServer takes an object of options, not ${String(options)}`);
  }
  const given = checkNames(options, optionNames, "WebSocketServer");
  const port = checkInteger(given, "port", 0, 65_535);
  const host = checkString(given, "host");
  const server = readServer(given);
  const noServer = checkBoolean(given, "noServer") === true;
  const chosen = [port !== undefined, server !== undefined, noServer].filter(Boolean).length;
  if (chosen !== 1) {
    throw new TypeError(
      `WebSocketServer needs exactly one of the options port, server and noServer, but got ${chosen}`,
    );
  }
  const path = checkString(given, "path");
  if (path !== undefined && !path.startsWith("/")) refuseOption("path", path, 'a path that begins with "/"');
  return {
    ...readConnectionSettings(given),
    listen: port === undefined ? undefined : { port, host },
    server,
    path,
    handleProtocols: checkFunction<NonNullable<WebSocketServerOptions["handleProtocols"]>>(
      given,
      "handleProtocols",
    ),
    allowedOrigins: readOrigins(given["allowedOrigins"]),
  };
}

function readServer(given: Given): WebSocketServerSettings["server"] {
  const server = checkObject(given, "server", "an HTTP server");
  if (server === undefined || typeof Reflect.get(server, "on") === "function") {
    return server as WebSocketServerSettings["server"];
  }
  return refuseOption("server", server, "an HTTP server");
}

function readOrigins(value: unknown): ReadonlySet<string> | undefined {
  if (value === undefined) return undefined;
  if (!Array.isArray(value)) return refuseOption("allowedOrigins", value, "a list of origins");
  for (const origin of value as unknown[]) {
    if (typeof origin !== "string" || (origin !== "null" && !isOrigin(origin))) {
      return refuseOption("allowedOrigins", origin, 'a list of origins such as "https://example.com"');
    }
  }
  return new Set(value as string[]);
}

function isOrigin(text: string): boolean {
  return URL.canParse(text) && new URL(text).origin === text;
}
