import { Unsupported } from "../child.js";
import type { OpenWebSocket, WebSocketLike } from "../websocket-like.js";
import type { Competitor } from "./competitor.js";

/** The WebSocket that a runtime ships. */
async function loadNativeClient(): Promise<OpenWebSocket> {
  const { WebSocket } = globalThis as { WebSocket?: new (url: string) => WebSocketLike };
  if (WebSocket === undefined) throw new Unsupported("this runtime has no WebSocket of its own");
  return (url) => new WebSocket(url);
}

interface BunServerSocket {
  send(data: string | Uint8Array, compress?: boolean): void;
}

interface BunGlobal {
  serve(options: {
    readonly hostname: string;
    readonly port: number;
    readonly fetch: (request: object, server: { upgrade(request: object): boolean }) => object | undefined;
    readonly websocket: {
      readonly perMessageDeflate: boolean;
      readonly message: (socket: BunServerSocket, data: string | Uint8Array) => void;
    };
  }): { readonly port: number };
}

export const node: Competitor = { name: "node", runtime: "node", loadClient: loadNativeClient };

export const deno: Competitor = { name: "deno", runtime: "deno", loadClient: loadNativeClient };

export const bun: Competitor = {
  name: "bun",
  runtime: "bun",
  loadClient: loadNativeClient,
  async loadServer() {
    const { Bun } = globalThis as unknown as { Bun: BunGlobal };
    return async ({ takeover }) => {
      const compress = takeover !== undefined;
      const server = Bun.serve({
        hostname: "127.0.0.1",
        port: 0,
        fetch: (request, server) => (server.upgrade(request) ? undefined : new Response("", { status: 400 })),
        websocket: {
          perMessageDeflate: compress,
          message: (socket, data) => socket.send(data, compress),
        },
      });
      return server.port;
    };
  },
};
