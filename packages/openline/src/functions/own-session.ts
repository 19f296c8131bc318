import type { Session } from "../websocket/session.js";
import { findSession, type WebSocket } from "../websocket/websocket.js";

/** @throws TypeError for an object of another implementation. */
export function ownSession(ws: WebSocket, caller: string): Session {
  const session = findSession(ws);
  if (session === undefined) throw new TypeError(`${caller} takes a WebSocket of openline's own`);
  return session;
}
