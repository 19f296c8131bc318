import { Buffer } from "node:buffer";
import type { Behaviour } from "./behaviour.js";

const chunkSize = 256 * 1024;
const bytesAWrite = 1024 * 1024;

/**
 * Sends the same frames over and over, as fast as the client takes them and no faster. The bytes of a write are the
 * same few, repeated: they stay in the processor's cache, which makes this end cheaper than any client.
 */
export function flood(frames: readonly Buffer[]): Behaviour {
  const sequence = Buffer.concat(frames);
  const repeats = Math.max(1, Math.floor(chunkSize / sequence.length));
  const chunk = Buffer.concat(Array.from({ length: repeats }, () => sequence));
  const chunksAWrite = Math.max(1, Math.floor(bytesAWrite / chunk.length));
  return (socket) => {
    const pump = (): void => {
      let goesOn = true;
      while (goesOn && !socket.destroyed) {
        socket.cork();
        for (let i = 0; i < chunksAWrite; i++) goesOn = socket.write(chunk);
        socket.uncork();
      }
    };
    socket.on("drain", pump);
    socket.on("data", () => {});
    pump();
  };
}
