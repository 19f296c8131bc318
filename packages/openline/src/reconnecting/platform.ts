import { CloseEvent } from "../websocket/close-event.js";
import { sessionOf, WebSocket } from "../websocket/websocket.js";
import { clock, type Environment, type WebSocketLike } from "./environment.js";

/** Node.js: connections are openline's own objects, unless the option `WebSocket` says otherwise. */
export const platform: Environment = {
  clock,
  WebSocket,
  CloseEvent,
  page: undefined,
  canPing: () => false,
  ping: () => undefined,
  terminate(connection: WebSocketLike & { terminate?: () => void }) {
    if (connection instanceof WebSocket) sessionOf(connection).terminate();
    // Objects of `ws` and Bun have a method for it.
    else if (connection.terminate !== undefined) connection.terminate();
    else connection.close();
  },
};
