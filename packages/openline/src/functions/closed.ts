import type { CloseDetails } from "./closed-error.js";
import { onEnding } from "./ending.js";
import { checkSocket, type SocketLike } from "./socket-like.js";

/**
 * Resolves with the `close` event, clean or not; for an object of ours also after it.
 *
 * Takes a `WebSocket` of any implementation.
 * @throws DOMException InvalidStateError where another implementation's object was closed before the call: its event is
 * past, and the object doesn't tell what it said.
 */
export async function closed(ws: SocketLike): Promise<Event & CloseDetails> {
  checkSocket(ws, "closed");
  return new Promise((resolve, reject) => {
    onEnding(ws, (event) => {
      if (event) resolve(event);
      else
        reject(new DOMException("The close event was fired before closed was called", "InvalidStateError"));
    });
  });
}
