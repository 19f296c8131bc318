import type { Agent } from "node:http";
import type { ClientHttp2Session } from "node:http2";
import type { Duplex } from "node:stream";
import type { Handshake } from "../protocol/opening-handshake.js";
import type { HandshakeOffer } from "../protocol/opening-handshake-client.js";
import type { HandshakeRequest, HandshakeResponse } from "./handshake-exchange.js";
import type { Way } from "./server-stream.js";

/** Which HTTP the opening handshake speaks: 1.1, 2, what ALPN chooses, or 2 over a session that is there. */
export type HttpChoice = boolean | "auto" | ClientHttp2Session;

/** How to dial, wherever to. */
export interface DialSettings extends Omit<HandshakeOffer, "subprotocols">, Way {
  /** The program's own headers, checked. */
  readonly headers: readonly (readonly [string, string])[];
  /** Milliseconds for the whole opening handshake: names, TCP, proxy and TLS included. */
  readonly handshakeTimeout: number;
  /** Whether one handshake to a host and port waits for the other. [6455] 4.1 */
  readonly serializeHandshakes: boolean;
  /** Connects in place of us. */
  readonly agent?: Agent | undefined;
  readonly http2: HttpChoice;
  /** An attempt that it has ended already isn't begun: what is left is to call `abort`. */
  readonly signal?: AbortSignal | undefined;
}

export interface DialOptions extends DialSettings, HandshakeOffer {
  /** With the scheme `ws:`, `wss:`, `ws+unix:` or `wss+unix:`. */
  readonly url: URL;
}

/** What an opening handshake tells. It ends with one of `connected` and `failed`. */
export interface HandshakeHandler {
  /** The request is about to leave. */
  requesting(request: HandshakeRequest): void;
  /** The server has answered, whatever it may be. */
  answered(response: HandshakeResponse): void;
  /** @param head bytes that came with the answer: they belong to the first frames. */
  connected(socket: Duplex, head: Buffer, handshake: Handshake): void;
  failed(error: Error): void;
}
