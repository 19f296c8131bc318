import type { ReconnectingWebSocketEventMap } from "./events.js";
import type { ReconnectingWebSocket } from "./reconnecting-websocket.js";

/** How `send` treats one message. */
export interface SendOptions {
  /** Milliseconds that the message may wait for the line. Without it there is no limit. */
  readonly deadline?: number;
}

export type EventMap = ReconnectingWebSocketEventMap;
export type Listener<K extends keyof EventMap> =
  | ((this: ReconnectingWebSocket, event: EventMap[K]) => unknown)
  | { handleEvent(event: EventMap[K]): unknown };
export type AddArguments = Parameters<EventTarget["addEventListener"]>;
export type RemoveArguments = Parameters<EventTarget["removeEventListener"]>;
type Handler<K extends keyof EventMap> =
  | ((this: ReconnectingWebSocket, event: EventMap[K]) => unknown)
  | null;

/** The constants and the handler attributes, which no class body declares. */
export interface ReconnectingWebSocketMembers {
  readonly CONNECTING: 0;
  readonly OPEN: 1;
  readonly CLOSING: 2;
  readonly CLOSED: 3;
  /** A connection is there; fired for each. */
  onopen: Handler<"open">;
  /** The peer has sent a message. */
  onmessage: Handler<"message">;
  /** What was wrong, right before an end for good. */
  onerror: Handler<"error">;
  /** It is over for good. */
  onclose: Handler<"close">;
  /** Another attempt will be made, after a delay. */
  onreconnecting: Handler<"reconnecting">;
  /** Messages go out at once. */
  onup: Handler<"up">;
  /** Messages wait. */
  ondown: Handler<"down">;
  /** Messages will not arrive, or may not have. */
  onlost: Handler<"lost">;
}
