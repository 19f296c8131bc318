import { connect as connectTcp } from "node:net";
import { Duplex } from "node:stream";
import { openTunnel } from "./http-tunnel.js";
import { toFactoryError } from "./network-error.js";
import { type ProxyServer, withoutBrackets } from "./proxy.js";
import { proxyFromEnvironment } from "./proxy-environment.js";
import { sharedReads } from "./shared-read-buffer.js";
import { type AddressSettings, connectTls, type TlsCarrier, type TlsSettings } from "./tls-stream.js";

/** What a program's own `createConnection` is told. */
export interface ConnectionTarget {
  /** Without the brackets of an IPv6 address. */
  readonly host: string;
  readonly port: number;
  /** Aborted once the connection isn't wanted any more. */
  readonly signal: AbortSignal;
}

/** A program's own way to the server. */
export type CreateConnection = (target: ConnectionTarget) => Duplex | PromiseLike<Duplex>;

/** The way to the server: at most one of `socketPath`, `proxy` and `createConnection`. */
export interface Way {
  readonly address: AddressSettings;
  readonly tls: TlsSettings;
  readonly socketPath?: string | undefined;
  /** "env" for the one that the environment names. */
  readonly proxy?: ProxyServer | "env" | undefined;
  readonly createConnection?: CreateConnection | undefined;
}

export function portOf(url: URL): number {
  if (url.port !== "") return Number(url.port);
  return url.protocol === "wss:" ? 443 : 80;
}

/**
 * A stream to the server of `url`, with TLS for `wss:`. A socket comes at once, while it connects, and tells of its
 * failure itself.
 * @param alpn the protocols to offer in TLS.
 * @param signal ends the attempt, as long as the stream isn't there.
 */
export function openStream(
  url: URL,
  way: Way,
  alpn: readonly string[],
  signal: () => AbortSignal,
): Duplex | Promise<Duplex> {
  const host = withoutBrackets(url.hostname);
  const port = portOf(url);
  const { address, socketPath, createConnection, tls } = way;
  const isSecure = url.protocol === "wss:";
  const secure = (carrier: TlsCarrier): Duplex => connectTls(host, alpn, tls, carrier);
  const connect = (to: { path: string } | (AddressSettings & { port: number })): Duplex => {
    // An HTTP/2 session reads a socket without asking it.
    const target = alpn.includes("h2") ? to : { ...to, onread: sharedReads() };
    return isSecure ? connectTls(host, alpn, tls, target) : connectTcp({ host, ...target });
  };
  if (createConnection !== undefined) {
    return createStream(createConnection, { host, port, signal: signal() }).then((stream) =>
      isSecure && !isEncrypted(stream) ? secure({ socket: stream }) : stream,
    );
  }
  const proxy = way.proxy === "env" && socketPath === undefined ? proxyFromEnvironment(url, port) : way.proxy;
  if (typeof proxy === "object") {
    const tunnel = openTunnel({ proxy, address, tls }, `${url.hostname}:${port}`, signal());
    return isSecure ? tunnel.then((socket) => secure({ socket })) : tunnel;
  }
  return connect(socketPath === undefined ? { ...address, port } : { path: socketPath });
}

/** TLS is there already: then the program has seen to it itself. */
function isEncrypted(stream: Duplex): boolean {
  return "encrypted" in stream && stream.encrypted === true;
}

async function createStream(create: CreateConnection, target: ConnectionTarget): Promise<Duplex> {
  let stream: unknown;
  try {
    stream = await create(target);
    if (!isDuplex(stream)) throw new TypeError("it gave something else than a Duplex");
  } catch (error) {
    throw toFactoryError(error);
  }
  if (target.signal.aborted) {
    stream.on("error", () => {});
    stream.destroy();
  }
  return stream;
}

/** Other libraries bring streams of their own, of the same interface. */
function isDuplex(value: unknown): value is Duplex {
  if (value instanceof Duplex) return true;
  if (typeof value !== "object" || value === null) return false;
  return ["write", "end", "destroy", "on", "pause", "resume"].every(
    (method) => typeof (value as Record<string, unknown>)[method] === "function",
  );
}
