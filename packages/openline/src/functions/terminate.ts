import type { WebSocket } from "../websocket/websocket.js";
import { ownSession } from "./own-session.js";

/**
 * Cuts the connection at once, without a closing handshake: for a peer that doesn't answer. `close` comes with 1006.
 * An object that is still CONNECTING gives up; on one that is closed nothing happens.
 */
export function terminate(ws: WebSocket): void {
  ownSession(ws, "terminate").terminate();
}
