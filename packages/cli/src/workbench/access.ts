import { isSame } from "../secret.js";

export { isSame, newSecret } from "../secret.js";

/** The part of a request that decides whether it may come in. */
export interface Caller {
  readonly host: string | undefined;
  readonly origin: string | undefined;
  /** `Sec-Fetch-Site` and `Sec-Fetch-Dest`, which every current browser sends and no page can set. */
  readonly site: string | undefined;
  readonly destination: string | undefined;
}

/** Who may talk to the local server: whoever has the token, by one of our own names, and from our own page. */
export class Access {
  readonly #token: string;
  readonly #hosts: ReadonlySet<string>;

  constructor(token: string, port: number) {
    this.#token = token;
    const names = ["127.0.0.1", "localhost", "[::1]"];
    // A browser leaves the default port out.
    this.#hosts = new Set(names.flatMap((name) => [`${name}:${port}`, ...(port === 80 ? [name] : [])]));
  }

  /** Where a browser may have the page from. */
  get origins(): readonly string[] {
    return [...this.#hosts].map((host) => `http://${host}`);
  }

  /** What follows the token in the path, beginning with "/" or empty; `undefined` without the token. */
  behindToken(path: string): string | undefined {
    const end = path.indexOf("/", 1);
    const segment = path.slice(1, end < 0 ? undefined : end);
    if (!path.startsWith("/") || !isSame(segment, this.#token)) return undefined;
    return end < 0 ? "" : path.slice(end);
  }

  /** A name that leads here, but isn't ours, is another site's: DNS rebinding. */
  isOwnHost(host: string | undefined): host is string {
    return host !== undefined && this.#hosts.has(host.toLowerCase());
  }

  /** Whether a request for a file may have come from another site's page. A link that is followed is no harm: that is what `document` means. */
  isForeign({ host, origin, site, destination }: Caller): boolean {
    if (origin !== undefined && !this.isOwnOrigin(origin, host)) return true;
    return site !== undefined && site !== "same-origin" && site !== "none" && destination !== "document";
  }

  /** Whether the page at this very host asks. Browsers always say so when they open a WebSocket. */
  isOwnOrigin(origin: string | undefined, host: string | undefined): boolean {
    return this.isOwnHost(host) && origin === `http://${host.toLowerCase()}`;
  }
}
