import type { EventEmitter } from "node:events";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import type { WebSocketLike } from "../websocket-like.js";
import type { Competitor } from "./competitor.js";
import { loadPackage } from "./load-package.js";

interface ClientExports {
  readonly WebSocket: new (url: string, options: object) => WebSocketLike;
}

interface ServerExports {
  readonly WebSocketServer: new (options: object) => EventEmitter & { address(): AddressInfo };
}

export const openline: Competitor = {
  name: "openline",
  runtime: "node",
  async loadClient({ takeover }) {
    const { WebSocket } = await loadPackage<ClientExports>("openline");
    const options = { maxFragments: 1 << 20, ...(takeover && { perMessageDeflate: { threshold: 0 } }) };
    return (url) => new WebSocket(url, options);
  },
  async loadServer() {
    const { WebSocketServer } = await loadPackage<ServerExports>("openline/server");
    return async ({ takeover }) => {
      const server = new WebSocketServer({
        host: "127.0.0.1",
        port: 0,
        perMessageDeflate: takeover === undefined ? false : { threshold: 0 },
      });
      server.on("connection", (socket: WebSocketLike) => {
        socket.onmessage = (event) => socket.send(event.data as string);
      });
      await once(server, "listening");
      return server.address().port;
    };
  },
};
