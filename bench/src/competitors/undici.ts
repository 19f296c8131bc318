import type { WebSocketLike } from "../websocket-like.js";
import type { Competitor } from "./competitor.js";
import { loadPackage } from "./load-package.js";

interface Exports {
  readonly WebSocket: new (url: string) => WebSocketLike;
}

export const undici: Competitor = {
  name: "undici",
  runtime: "node",
  async loadClient() {
    const { WebSocket } = await loadPackage<Exports>("undici");
    return (url) => new WebSocket(url);
  },
};
