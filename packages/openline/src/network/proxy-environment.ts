import { BlockList, isIP } from "node:net";
import { CloseCode } from "../protocol/close-code.js";
import { ConnectionError } from "../protocol/connection-error.js";
import { type ProxyServer, parseProxy, withoutBrackets } from "./proxy.js";

export type Environment = Readonly<Record<string, string | undefined>>;

/** The port of a proxy in the environment that names none, as in curl. */
const defaultPort = 1080;

/**
 * The proxy that the environment names for `url`, read as curl reads it.
 * @throws ConnectionError for one that can't be used.
 */
export function proxyFromEnvironment(
  url: URL,
  port: number,
  environment: Environment = process.env,
): ProxyServer | undefined {
  const variable = variablesFor(url, environment).find((name) => isSet(environment[name]));
  const noProxy = [environment["no_proxy"], environment["NO_PROXY"]].find(isSet);
  if (variable === undefined || (noProxy !== undefined && isExempt(url.hostname, port, noProxy)))
    return undefined;
  const proxy = parseProxy(environment[variable] ?? "", defaultPort);
  if (typeof proxy !== "string") return proxy;
  throw new ConnectionError(
    "ERR_WS_PROXY_ENVIRONMENT",
    CloseCode.Abnormal,
    `The environment variable ${variable} names no proxy that can be used: ${proxy}`,
  );
}

/** The variables that may name the proxy, the first one first. */
function variablesFor(url: URL, environment: Environment): string[] {
  if (url.protocol === "wss:")
    return ["wss_proxy", "WSS_PROXY", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"];
  // In a CGI program HTTP_PROXY holds the request header "Proxy", which anybody can send. curl never reads it.
  const isCgi = environment["REQUEST_METHOD"] !== undefined;
  return ["ws_proxy", "WS_PROXY", "http_proxy", ...(isCgi ? [] : ["HTTP_PROXY"]), "all_proxy", "ALL_PROXY"];
}

/** Whether `no_proxy` has a host go without the proxy. */
function isExempt(hostname: string, port: number, noProxy: string): boolean {
  if (noProxy === "*") return true;
  const host = withoutBrackets(hostname).toLowerCase().replace(/\.$/, "");
  return noProxy
    .toLowerCase()
    .split(/[\s,]+/)
    .filter(isSet)
    .some((entry) => {
      const { name, onlyPort } = splitPort(entry);
      if (onlyPort !== undefined && onlyPort !== port) return false;
      return isIP(host) === 0 ? isWithinDomain(host, name) : isWithinNetwork(host, name);
    });
}

/** An entry may name a port, unlike in curl, where an entry with a port fits nothing. */
function splitPort(entry: string): { name: string; onlyPort: number | undefined } {
  const [, bracketed, plain = "", port] = /^(?:\[(.*)\]|([^:]*)):(\d+)$/.exec(entry) ?? [];
  if (port === undefined) return { name: withoutBrackets(entry), onlyPort: undefined };
  return { name: bracketed ?? plain, onlyPort: Number(port) };
}

/** The domain itself and all below it, with or without a dot in front. */
function isWithinDomain(host: string, entry: string): boolean {
  const domain = entry.replace(/\.$/, "").replace(/^\./, "");
  return domain !== "" && (host === domain || host.endsWith(`.${domain}`));
}

/** An address, or a network as "192.168.0.0/16". */
function isWithinNetwork(address: string, entry: string): boolean {
  const [network = "", bits = ""] = entry.split("/", 2);
  const version = isIP(network);
  if (version === 0 || version !== isIP(address)) return false;
  const family = version === 4 ? "ipv4" : "ipv6";
  const most = version === 4 ? 32 : 128;
  // As in curl, no bits at all mean all of them.
  const length = Number.parseInt(bits, 10) || most;
  if (length < 0 || length > most) return false;
  const list = new BlockList();
  list.addSubnet(network, length, family);
  return list.check(address, family);
}

function isSet(value: string | undefined): value is string {
  return value !== undefined && value !== "";
}
