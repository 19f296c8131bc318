import type { Socket } from "node:net";

/**
 * Ends a socket with a reset. TLS can't be reset, and is cut without a word in its place. Nor can a socket that is
 * shutting down: libuv refuses it, and Node.js would neither close that socket nor ever tell.
 */
export function resetSocket(socket: Socket): void {
  if ("encrypted" in socket || socket.writableEnded) socket.destroy();
  else socket.resetAndDestroy();
}
