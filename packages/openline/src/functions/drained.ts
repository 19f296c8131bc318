import { lineControlOf } from "../websocket/line-control.js";
import { checkBytes } from "./check-bytes.js";
import { onEnding, reasonOf } from "./ending.js";
import { checkSocket, type SocketLike } from "./socket-like.js";

/** Milliseconds between two looks at an object that doesn't tell when its bytes have left. */
const pollInterval = 10;

/**
 * Resolves once `bufferedAmount` is at most `below`: then there is room to send more.
 *
 * Takes a `WebSocket` of any implementation. Ours tells when bytes have left; others are looked at every 10 ms.
 * @param below bytes, from 0 (the default: everything has been handed to the network).
 * @throws TypeError for another `below`; the error of the connection, or a `ClosedError`, where it ends first.
 */
export async function drained(
  ws: SocketLike & { readonly bufferedAmount: number },
  below = 0,
): Promise<void> {
  checkSocket(ws, "drained");
  checkBytes("drained: below", below, 0);
  if (ws.bufferedAmount <= below) return;
  await new Promise<void>((resolve, reject) => {
    const look = (): void => {
      if (ws.bufferedAmount > below) return;
      stopLooking();
      stopWaiting();
      resolve();
    };
    const stopLooking = lineControlOf(ws)?.onTaken(look) ?? poll(look);
    const stopWaiting = onEnding(ws, (...ending) => {
      stopLooking();
      reject(reasonOf("The connection ended with bytes that were never sent", ...ending));
    });
  });
}

function poll(look: () => void): () => void {
  const timer = setInterval(look, pollInterval);
  return () => clearInterval(timer);
}
