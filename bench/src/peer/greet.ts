import type { Behaviour } from "./behaviour.js";

/** Sends one frame, or none, and is silent from then on. */
export function greet(greeting: Buffer | undefined): Behaviour {
  return (socket) => {
    socket.on("data", () => {});
    if (greeting !== undefined) socket.write(greeting);
  };
}
