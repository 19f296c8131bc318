import type { ContextTakeover } from "../deflated-frames.js";
import type { OpenWebSocket } from "../websocket-like.js";

export type Runtime = "node" | "bun" | "deno";

export interface ClientOptions {
  /** Compression is what is measured: it must not be left out for messages that are short. */
  readonly takeover: ContextTakeover | undefined;
}

export interface EchoServerOptions {
  readonly takeover: ContextTakeover | undefined;
}

/** Starts a server that sends every message back, on a free port of 127.0.0.1. */
export type StartEchoServer = (options: EchoServerOptions) => Promise<number>;

export interface Competitor {
  readonly name: string;
  readonly runtime: Runtime;
  /** Loads the client, in the process that measures it. Absent for the plain socket, which needs code of its own. */
  readonly loadClient?: (options: ClientOptions) => Promise<OpenWebSocket>;
  readonly loadServer?: () => Promise<StartEchoServer>;
}
