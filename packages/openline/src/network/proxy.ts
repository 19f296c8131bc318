/** An HTTP proxy that tunnels are asked of. */
export interface ProxyServer {
  /** Whether it is spoken to over TLS. */
  readonly secure: boolean;
  /** Without the brackets of an IPv6 address. */
  readonly host: string;
  readonly port: number;
  /** The value of `Proxy-Authorization`: a secret. */
  readonly authorization: string | undefined;
}

const form = /^(?:([a-z][a-z0-9+.-]*):\/\/)?(?:(.*)@)?(\[[^\]]*\]|[^:/?#@]*)(?::(\d{1,5}))?\/?$/is;

/**
 * Reads `scheme://user:password@host:port`.
 * @param defaultPort of a proxy that is spoken to without TLS.
 * @returns in place of a proxy what is wrong with the text, without the text itself, which may hold a password.
 */
export function parseProxy(text: string, defaultPort: number): ProxyServer | string {
  const [whole, scheme = "http", userinfo, hostname = "", port] = form.exec(text.trim()) ?? [];
  if (whole === undefined) return "it is no URL of a proxy";
  const secure = scheme.toLowerCase() === "https";
  if (!secure && scheme.toLowerCase() !== "http") {
    return `its scheme is "${scheme}", not "http" or "https"${
      /^socks/i.test(scheme) ? "; for SOCKS, give the option agent one of socks-proxy-agent" : ""
    }`;
  }
  const address = `http://${hostname}:${port ?? ""}`;
  if (hostname === "" || !URL.canParse(address)) return "its host or port can't be one";
  return {
    secure,
    host: withoutBrackets(new URL(address).hostname),
    port: port === undefined ? (secure ? 443 : defaultPort) : Number(port),
    authorization: userinfo === undefined ? undefined : basicAuthorization(...splitUserinfo(userinfo)),
  };
}

/** A proxy for a message: without its credentials. */
export function shownProxy({ secure, host, port }: ProxyServer): string {
  return `${secure ? "https" : "http"}://${host.includes(":") ? `[${host}]` : host}:${port}`;
}

/** The host without the brackets of an IPv6 address. */
export function withoutBrackets(hostname: string): string {
  return hostname.replace(/^\[|\]$/g, "");
}

/** The header's value for percent-encoded credentials. RFC 7617 */
export function basicAuthorization(user: string, password: string): string {
  const credentials = `${percentDecode(user)}:${percentDecode(password)}`;
  return `Basic ${Buffer.from(credentials).toString("base64")}`;
}

function splitUserinfo(userinfo: string): [user: string, password: string] {
  const colon = userinfo.indexOf(":");
  return colon < 0 ? [userinfo, ""] : [userinfo.slice(0, colon), userinfo.slice(colon + 1)];
}

/** Unlike `decodeURIComponent`, leaves a stray "%" as it is. */
function percentDecode(text: string): string {
  return text.replace(/(?:%[0-9a-f]{2})+/gi, (run) => Buffer.from(run.replaceAll("%", ""), "hex").toString());
}
