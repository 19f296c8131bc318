import type { WebSocket, WebSocketEventMap } from "openline";
import { eventTable } from "./page.js";
import { propertiesOf } from "./show.js";

/** The next event of a type. */
export function nextEvent<K extends keyof WebSocketEventMap>(
  ws: WebSocket,
  type: K,
): Promise<WebSocketEventMap[K]> {
  return new Promise((resolve) => {
    ws.addEventListener(type, (event: WebSocketEventMap[K]) => resolve(event), { once: true });
  });
}

/** Prints an event with all its properties, as they are while its listeners run. */
export function showEvent(event: Event): void {
  const { own, common } = propertiesOf(event);
  eventTable(`${event.type} event (${event.constructor.name})`, own, common);
}

/** Waits for an event and prints it. */
export function nextEventShown<K extends keyof WebSocketEventMap>(
  ws: WebSocket,
  type: K,
): Promise<WebSocketEventMap[K]> {
  ws.addEventListener(type, (event: Event) => showEvent(event), { once: true });
  return nextEvent(ws, type);
}
