import { Buffer } from "node:buffer";
import type { Behaviour } from "./behaviour.js";

const chunkSize = 512 * 1024;

/** Sends the same frames over and over, as fast as the client takes them and no faster. */
export function flood(frames: readonly Buffer[]): Behaviour {
  const sequence = Buffer.concat(frames);
  const repeats = Math.max(1, Math.floor(chunkSize / sequence.length));
  const chunk = Buffer.concat(Array.from({ length: repeats }, () => sequence));
  return (socket) => {
    const pump = (): void => {
      while (!socket.destroyed && socket.write(chunk));
    };
    socket.on("drain", pump);
    socket.on("data", () => {});
    pump();
  };
}
