import type { Buffer } from "node:buffer";
import type { EventEmitter } from "node:events";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import type { WebSocketLike } from "../websocket-like.js";
import type { Competitor } from "./competitor.js";
import { loadPackage } from "./load-package.js";

interface WsSocket extends EventEmitter {
  send(data: Buffer, options: { binary: boolean }): void;
}

interface Exports {
  readonly WebSocket: new (url: string, options: object) => WebSocketLike;
  readonly WebSocketServer: new (options: object) => EventEmitter & { address(): AddressInfo };
}

export const ws: Competitor = {
  name: "ws",
  runtime: "node",
  async loadClient({ takeover }) {
    const { WebSocket } = await loadPackage<Exports>("ws");
    const options = { maxFragments: 1 << 20, ...(takeover && { perMessageDeflate: { threshold: 0 } }) };
    return (url) => new WebSocket(url, options);
  },
  async loadServer() {
    const { WebSocketServer } = await loadPackage<Exports>("ws");
    return async ({ takeover }) => {
      const server = new WebSocketServer({
        host: "127.0.0.1",
        port: 0,
        backlog: 4096,
        perMessageDeflate: takeover === undefined ? false : { threshold: 0 },
      });
      // The event of its own rather than the standard's, which it can do faster on a server.
      server.on("connection", (socket: WsSocket) => {
        socket.on("message", (data: Buffer, isBinary: boolean) => socket.send(data, { binary: isBinary }));
      });
      await once(server, "listening");
      return server.address().port;
    };
  },
};
