import type { WebSocket } from "../websocket/websocket.js";
import { ownSession } from "./own-session.js";

/** Stands for the program among those that hold reading. */
const program = {};

/**
 * Stops reading, so that TCP slows the peer down: no message comes until `resume`. While nothing is read, a peer that
 * closes goes unnoticed; `close()` reads on, for the closing handshake.
 */
export function pause(ws: WebSocket): void {
  ownSession(ws, "pause").holdReading(program);
}

/** Reads on after `pause`, unless a `messages` loop that is behind holds reading, too. */
export function resume(ws: WebSocket): void {
  ownSession(ws, "resume").releaseReading(program);
}
