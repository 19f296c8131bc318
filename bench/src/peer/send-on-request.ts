import { once } from "node:events";
import type { Behaviour } from "./behaviour.js";

/**
 * Sends the next reply whenever anything comes in; replies are taken in turn. Each piece of a reply is a write of
 * its own, so with TCP_NODELAY it reaches a client that keeps up as a packet of its own.
 */
export function sendOnRequest(replies: readonly (readonly Buffer[])[]): Behaviour {
  return (socket) => {
    let asked = 0;
    const reply = async (pieces: readonly Buffer[]): Promise<void> => {
      for (const piece of pieces) {
        if (!socket.write(piece) && !socket.destroyed) await once(socket, "drain");
      }
    };
    socket.on("data", () => {
      reply(replies[asked++ % replies.length] ?? []).catch(() => socket.destroy());
    });
  };
}
