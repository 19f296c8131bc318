import type { WebSocketLike } from "./environment.js";

/** @returns to be asked later: whether the network has taken any of what waits now. */
export function watchTaking(connection: Pick<WebSocketLike, "bufferedAmount">): () => boolean {
  const before = connection.bufferedAmount;
  return () => connection.bufferedAmount < before;
}
