import { onEnding, reasonOf } from "./ending.js";
import { checkSocket, open, type SocketLike } from "./socket-like.js";

/**
 * Resolves with the `open` event, or with one of its own where the object is OPEN already.
 *
 * Takes a `WebSocket` of any implementation.
 * @throws what kept the connection from opening: the error of the `error` event, or a `ClosedError`; of an object that
 * is closing or closed, the way it ended.
 */
export async function opened(ws: SocketLike): Promise<Event> {
  checkSocket(ws, "opened");
  if (ws.readyState === open) return new Event("open");
  return new Promise((resolve, reject) => {
    const onOpen = (event: Event): void => {
      stopWaiting();
      ws.removeEventListener("open", onOpen);
      resolve(event);
    };
    const stopWaiting = onEnding(ws, (...ending) => {
      ws.removeEventListener("open", onOpen);
      reject(reasonOf("The connection was closed before it was open", ...ending));
    });
    ws.addEventListener("open", onOpen);
  });
}
