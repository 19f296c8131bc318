import type { Duplex } from "node:stream";

/** Both ends of a connection, as far as its socket tells. */
export interface Endpoints {
  readonly remoteAddress: string | undefined;
  readonly remotePort: number | undefined;
  readonly localAddress: string | undefined;
  readonly localPort: number | undefined;
}

/** A stream of HTTP/2 knows its session, which knows the socket. */
interface StreamOfSession extends Duplex {
  readonly session?: { readonly socket: Duplex } | undefined;
}

/** The socket below a stream: itself, or the one of the HTTP/2 session that it belongs to. */
export function socketBelow(stream: Duplex): Duplex {
  return "session" in stream ? ((stream as StreamOfSession).session?.socket ?? stream) : stream;
}

export function endpointsOf(stream: Duplex | undefined): Endpoints {
  const socket: Partial<Endpoints> = stream === undefined ? {} : (socketBelow(stream) as Partial<Endpoints>);
  const { remoteAddress, remotePort, localAddress, localPort } = socket;
  return { remoteAddress, remotePort, localAddress, localPort };
}
