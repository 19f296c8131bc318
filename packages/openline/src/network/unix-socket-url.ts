/** Schemes of a WebSocket over a Unix domain socket, and the ones that they stand for. */
const schemes: Readonly<Record<string, string>> = { "ws+unix:": "ws:", "wss+unix:": "wss:" };

export interface UnixSocketTarget {
  readonly socketPath: string;
  /** What is asked for over that socket; its host is `localhost`. */
  readonly url: URL;
}

export function isUnixSocketUrl(url: URL): boolean {
  return url.protocol in schemes;
}

/**
 * Takes `ws+unix:/path/to.sock:/resource?query` apart at the colon; without one the resource is `/`.
 * @returns `undefined` where it has a host or no path.
 */
export function splitUnixSocketUrl(url: URL): UnixSocketTarget | undefined {
  const { protocol, host, username, pathname, search } = url;
  const [path = "", ...rest] = pathname.split(":");
  if (host !== "" || username !== "" || path === "" || path === "/") return undefined;
  const resource = rest.join(":");
  const target = new URL(`${schemes[protocol]}//localhost`);
  target.pathname = resource;
  target.search = search;
  return { socketPath: decode(path), url: target };
}

/** A stray "%" stays as it is. */
function decode(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
