import assert from "node:assert/strict";
import { once } from "node:events";
import type { WebSocket as WsWebSocket } from "ws";
import { within } from "../guard.js";

/** Pings from `ws` in all sizes are answered by the other end, each with its payload. */
export async function pingsAnswered(socket: WsWebSocket): Promise<void> {
  for (const size of [0, 1, 64, 125]) {
    const payload = Buffer.alloc(size, "p");
    const pong = once(socket, "pong");
    socket.ping(payload);
    const [answer] = await within(pong, "the pong");
    assert.ok(payload.equals(answer));
  }
}
