import type { Agent } from "node:http";
import type { ClientHttp2Session } from "node:http2";
import { isIP, type LookupFunction } from "node:net";
import type { HttpChoice } from "../network/dial-options.js";
import { type ProxyServer, parseProxy } from "../network/proxy.js";
import type { CreateConnection, Way } from "../network/server-stream.js";
import type { AddressSettings } from "../network/tls-stream.js";
import { checkFunction, checkString, type Given, refuseOption, refuseSecret } from "./option-checks.js";

/** How the server is reached: at most one of `agent`, `createConnection`, `proxy` and `socketPath`. */
export interface NetworkOptions {
  /** Finds the host's address in place of `dns.lookup`, whose arguments it takes. */
  readonly lookup?: LookupFunction;
  /** 4 or 6 for addresses of this version of IP only. Default 0: both. */
  readonly family?: 0 | 4 | 6;
  /** The address of this machine to connect from. */
  readonly localAddress?: string;
  /** The Unix domain socket, or the named pipe on Windows, to connect to in place of the URL's host. */
  readonly socketPath?: string;
  /** An agent of Node's, or one of its interface such as socks-proxy-agent, that connects in place of us. */
  readonly agent?: Agent;
  /**
   * The HTTP proxy to go through: `"http://user:password@host:port"`, `"https://…"`, or `"env"` for the one that the
   * environment names (`HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY`, `NO_PROXY`). Default: none.
   */
  readonly proxy?: string | URL;
  /** Brings the stream to the server. For `wss:`, TLS is spoken over it, unless it is a TLS socket already. */
  readonly createConnection?: CreateConnection;
  /**
   * `true`: HTTP/2, on one session for all WebSockets of an origin. `"auto"`: HTTP/2 for `wss:`, if the server takes
   * WebSockets over it, else HTTP/1.1. A session of `node:http2`: HTTP/2 on this one. Default `false`. [8441]
   */
  readonly http2?: boolean | "auto" | ClientHttp2Session;
}

export const networkOptionNames = [
  "lookup",
  "family",
  "localAddress",
  "socketPath",
  "agent",
  "proxy",
  "createConnection",
  "http2",
] as const;

/** The settings of a dial that these options are about. */
export interface NetworkSettings extends Omit<Way, "tls"> {
  readonly agent: Agent | undefined;
  readonly http2: HttpChoice;
}

/** @throws TypeError that names the option, the value and what was expected. */
export function readNetworkSettings(given: Given): NetworkSettings {
  const settings = {
    address: readAddressSettings(given),
    socketPath: readSocketPath(given),
    agent: readAgent(given),
    proxy: readProxy(given),
    createConnection: checkFunction<CreateConnection>(given, "createConnection"),
    http2: readHttp2(given),
  };
  const { agent, http2 } = settings;
  const ways = (["agent", "createConnection", "proxy", "socketPath"] as const).filter(
    (name) => settings[name] !== undefined,
  );
  const clash = typeof http2 === "object" ? ["http2", ...ways] : ways;
  if (clash.length > 1) {
    throw new TypeError(`The options ${clash.slice(0, 2).join(" and ")} exclude each other`);
  }
  if (agent !== undefined && http2 !== false) {
    throw new TypeError("The options agent and http2 exclude each other: an agent speaks HTTP/1.1");
  }
  return settings;
}

function readAddressSettings(given: Given): AddressSettings {
  const { family } = given;
  if (family !== undefined && family !== 0 && family !== 4 && family !== 6) {
    return refuseOption("family", family, "0, 4 or 6");
  }
  const lookup = checkFunction<LookupFunction>(given, "lookup");
  const localAddress = checkString(given, "localAddress");
  if (localAddress !== undefined && isIP(localAddress) === 0) {
    return refuseOption("localAddress", localAddress, "an IP address");
  }
  return {
    ...(family === undefined ? {} : { family }),
    ...(lookup === undefined ? {} : { lookup }),
    ...(localAddress === undefined ? {} : { localAddress }),
  };
}

function readSocketPath(given: Given): string | undefined {
  const socketPath = checkString(given, "socketPath");
  if (socketPath === "" || socketPath?.includes("\0")) {
    return refuseOption("socketPath", socketPath, "the path of a socket");
  }
  return socketPath;
}

function readAgent(given: Given): Agent | undefined {
  const { agent } = given;
  if (agent === undefined) return undefined;
  if (typeof agent === "object" && agent !== null) {
    if (typeof Reflect.get(agent, "addRequest") === "function") return agent as Agent;
  }
  // Perhaps the URL of a proxy, with a password in it: it isn't shown.
  return refuseSecret("agent", agent, "an http.Agent, or one of its interface");
}

function readProxy(given: Given): ProxyServer | "env" | undefined {
  const { proxy } = given;
  if (proxy === undefined || proxy === "env") return proxy;
  if (typeof proxy !== "string" && !(proxy instanceof URL)) {
    return refuseSecret("proxy", proxy, expectedProxy);
  }
  const text = String(proxy);
  const parsed = parseProxy(text, 80);
  if (typeof parsed !== "string" && /^https?:\/\//i.test(text)) return parsed;
  const why = typeof parsed === "string" ? `: ${parsed}` : "";
  // Before the last "@" stands a password, and a text that can't be read may have it anywhere.
  const shown = text.replace(/^.*@/s, "…@");
  return refuseOption("proxy", shown, `${expectedProxy}${why}`);
}

const expectedProxy = '"env", or a URL such as "http://user:password@host:port"';

function readHttp2(given: Given): HttpChoice {
  const { http2 } = given;
  if (http2 === undefined) return false;
  if (typeof http2 === "boolean" || http2 === "auto") return http2;
  if (typeof http2 === "object" && http2 !== null && "remoteSettings" in http2) {
    if (typeof Reflect.get(http2, "request") === "function") return http2 as ClientHttp2Session;
  }
  return refuseOption("http2", http2, 'true, false, "auto" or a ClientHttp2Session');
}
