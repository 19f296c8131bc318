import { terminate } from "openline";
import { answer, type Behaviour, type Client } from "./client.js";

/** Each message comes back to the client that has sent it. */
export const echo: Behaviour = {
  onMessage: (client, data) => answer(client, data),
};

/** Bytes that wait for a client that has stopped reading, and would take all memory in the end. */
const tooMuchWaiting = 64 * 1024 * 1024;

/** Each message goes to all clients, its sender as well. */
export function broadcast(clients: ReadonlySet<Client>): Behaviour {
  return {
    onMessage(_sender, data) {
      for (const { socket } of clients) {
        socket.send(data);
        if (socket.bufferedAmount > tooMuchWaiting) terminate(socket);
      }
    },
  };
}
