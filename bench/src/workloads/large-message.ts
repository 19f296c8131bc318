import { performance } from "node:perf_hooks";
import { binaryOpcode, encodeFragments, encodeFrame, encodeSignal } from "../frame-encoding.js";
import { makePayloads } from "../payload.js";
import { sendOnRequest } from "../peer/send-on-request.js";
import { randomNumbers } from "../random.js";
import { median } from "../statistics.js";
import type { ClientWorkload, Metric } from "./workload.js";

const small = 4 << 20;
const large = 16 << 20;
/** Pairs of both sizes: some for warmth, then those that count. */
const warmupRounds = 3;
const rounds = 7;

const metrics: readonly Metric[] = [
  { key: "time", unit: "ms", better: "lower", label: "16 MiB, from request to handler" },
  { key: "growth", unit: "×", better: "info", label: "time for 16 MiB over 4 × time for 4 MiB" },
];

type Cut = (payload: Buffer) => readonly Buffer[];

/** A message asked for, several times, in two sizes: the time must grow as the size does. */
function largeMessage(name: string, title: string, cut: Cut): ClientWorkload {
  return {
    name,
    title,
    group: "large",
    metrics,
    side: "client",
    tls: false,
    takeover: undefined,
    patience: 120,
    async peer() {
      const [payload] = makePayloads({ format: "binary", size: large }, 1);
      if (payload === undefined) throw new Error("no payload");
      const replies = [cut(payload.bytes.subarray(0, small)), cut(payload.bytes)];
      return { "/ask": sendOnRequest(replies) };
    },
    async webSocket(run) {
      let arrived: (size: number) => void = () => {};
      const socket = await run.open("/ask", ({ data }) => arrived((data as ArrayBuffer).byteLength));
      const ask = (): Promise<number> => {
        const size = new Promise<number>((resolve) => {
          arrived = resolve;
        });
        socket.send("k");
        return size;
      };
      return measure(run, ask, [small, large]);
    },
    async plainSocket(run) {
      const [payload] = makePayloads({ format: "binary", size: large }, 1);
      if (payload === undefined) throw new Error("no payload");
      const sizes = [payload.bytes.subarray(0, small), payload.bytes].map((bytes) =>
        cut(bytes).reduce((sum, piece) => sum + piece.length, 0),
      );
      const request = encodeSignal();
      let received = 0;
      let expected = 0;
      let arrived: (size: number) => void = () => {};
      const socket = await run.connect("/ask", (chunk) => {
        received += chunk.length;
        if (received >= expected) arrived(received);
      });
      let asked = 0;
      const ask = (): Promise<number> => {
        received = 0;
        expected = sizes[asked++ % sizes.length] ?? 0;
        const size = new Promise<number>((resolve) => {
          arrived = resolve;
        });
        socket.write(request);
        return size;
      };
      return measure(run, ask, sizes);
    },
  };
}

async function measure(
  run: { readonly started: () => void; readonly stopped: () => void },
  ask: () => Promise<number>,
  sizes: readonly number[],
): Promise<{ time: number; growth: number }> {
  const times = sizes.map((): number[] => []);
  for (let round = 0; round < warmupRounds + rounds; round++) {
    if (round === warmupRounds) run.started();
    for (const [index, expected] of sizes.entries()) {
      const begin = performance.now();
      const size = await ask();
      if (size !== expected) throw new Error(`received ${size} bytes, not ${expected}`);
      if (round >= warmupRounds) times[index]?.push(performance.now() - begin);
    }
  }
  run.stopped();
  const [forSmall = Number.NaN, forLarge = Number.NaN] = times.map(median);
  return { time: forLarge, growth: forLarge / (forSmall * (large / small)) };
}

function cutAtRandom(frame: Buffer): Buffer[] {
  const random = randomNumbers(16);
  const pieces: Buffer[] = [];
  for (let at = 0; at < frame.length; ) {
    const end = at + 1 + random(8192);
    pieces.push(frame.subarray(at, end));
    at = end;
  }
  return pieces;
}

const oneFrame = (payload: Buffer): Buffer => encodeFrame(payload, { opcode: binaryOpcode });

export const largeMessageWorkloads: readonly ClientWorkload[] = [
  largeMessage("large-frame", "16 MiB as one frame", (payload) => [oneFrame(payload)]),
  largeMessage("large-fragments", "16 MiB as 64-byte fragments", (payload) => [encodeFragments(payload, 64)]),
  largeMessage("large-cuts", "16 MiB as one frame, byte-cut at random", (payload) =>
    cutAtRandom(oneFrame(payload)),
  ),
];
