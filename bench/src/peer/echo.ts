import { Buffer } from "node:buffer";
import type { Behaviour } from "./behaviour.js";

/** Answers each `requestSize` bytes with the next frame of `replies`; all replies are of one size. */
export function echo(requestSize: number, replies: readonly Buffer[]): Behaviour {
  const bytes = Buffer.concat(replies);
  const replySize = bytes.length / replies.length;
  return (socket) => {
    let pending = 0;
    socket.on("data", (chunk) => {
      pending += chunk.length;
      let count = Math.floor(pending / requestSize);
      pending -= count * requestSize;
      for (; count > replies.length; count -= replies.length) socket.write(bytes);
      if (count > 0) socket.write(bytes.subarray(0, count * replySize));
    });
  };
}
