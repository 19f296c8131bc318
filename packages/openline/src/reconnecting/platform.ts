import { ping } from "../functions/ping.js";
import { terminate } from "../functions/terminate.js";
import { CloseEvent } from "../websocket/close-event.js";
import { findSession, WebSocket } from "../websocket/websocket.js";
import type { Environment, WebSocketLike } from "./environment.js";
import { watchTaking } from "./movement.js";
import { isWorthRetrying, readRefusal } from "./refusal.js";

/** Node.js: connections are openline's own objects, unless the option `WebSocket` says otherwise. */
export const platform: Omit<Environment, "clock"> = {
  WebSocket,
  CloseEvent,
  pinger: (connection) => (connection instanceof WebSocket ? () => ping(connection) : undefined),
  isWorthRetrying,
  watchMovement(connection) {
    const session = findSession(connection);
    const received = () => session?.bytesReceived ?? 0;
    const before = received();
    const hasTaken = watchTaking(connection);
    return () => hasTaken() || received() > before;
  },
  refusal: (error) => readRefusal(error),
  terminate(connection: WebSocketLike & { terminate?: () => void }) {
    if (connection instanceof WebSocket) terminate(connection);
    // Objects of `ws` and Bun have a method for it.
    else if (connection.terminate !== undefined) connection.terminate();
    else connection.close();
  },
};
