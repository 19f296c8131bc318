import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { test } from "node:test";
import { FrameCounter } from "./frame-counter.js";
import { encodeFrame } from "./frame-encoding.js";

const sizes = [0, 5, 125, 126, 300, 65535, 65536, 1];
const stream = Buffer.concat(
  sizes.map((size, index) =>
    encodeFrame(Buffer.alloc(size, 0xff), { opcode: 1, masked: true, compressed: index % 2 === 0 }),
  ),
);

test("FrameCounter counts frames of every length form, and those compressed", () => {
  const counter = new FrameCounter();
  counter.push(stream);
  assert.deepEqual([counter.frames, counter.compressed, counter.bytes], [8, 4, stream.length]);
});

test("FrameCounter counts the same however the bytes are cut", () => {
  for (const size of [1, 2, 3, 7, 64, 65536]) {
    const counter = new FrameCounter();
    for (let at = 0; at < stream.length; at += size) counter.push(stream.subarray(at, at + size));
    assert.deepEqual([size, counter.frames, counter.compressed], [size, 8, 4]);
  }
});
