import { FrameCounter } from "../frame-counter.js";
import { encodeSignal } from "../frame-encoding.js";
import type { Behaviour } from "./behaviour.js";

const signal = encodeSignal();

/** Takes what the client sends, and answers each `bytes` bytes with a short message. */
export function acknowledgeBytes(bytes: number): Behaviour {
  return (socket) => {
    let pending = 0;
    socket.on("data", (chunk) => {
      pending += chunk.length;
      for (; pending >= bytes; pending -= bytes) socket.write(signal);
    });
  };
}

/** What a peer has seen of messages whose size and compression are the client's choice. */
export interface SeenFrames {
  readonly frames: number;
  readonly compressed: number;
  readonly bytes: number;
}

const seenLength = 64; // always the same, so that a plain socket can count signals by their bytes

export function renderSeen({ frames, compressed, bytes }: SeenFrames): string {
  return JSON.stringify({ frames, compressed, bytes }).padEnd(seenLength);
}

/** Answers each `count` messages with a note of all that was seen so far. */
export function acknowledgeFrames(count: number): Behaviour {
  return (socket) => {
    const counter = new FrameCounter();
    let acknowledged = 0;
    socket.on("data", (chunk) => {
      counter.push(chunk);
      for (; counter.frames - acknowledged >= count; acknowledged += count) {
        socket.write(encodeSignal(renderSeen(counter)));
      }
    });
  };
}
