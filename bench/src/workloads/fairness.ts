import { performance } from "node:perf_hooks";
import { encodeMessage } from "../frame-encoding.js";
import { makePayloads } from "../payload.js";
import { echo } from "../peer/echo.js";
import { flood } from "../peer/flood.js";
import { percentile } from "../statistics.js";
import { echoFrames } from "./echo.js";
import type { ClientWorkload, Metric, Run } from "./workload.js";

const idleConnections = 8;
/** A slow echo gives few samples, and a 99th percentile wants many. */
const windows = 3;

const metrics: readonly Metric[] = [
  { key: "p99", unit: "µs", better: "lower", label: "echo beside a flood, 99th percentile" },
  { key: "p50", unit: "µs", better: "lower", label: "echo beside a flood, median" },
  { key: "flood", unit: "messages/s", better: "info", label: "messages a second of the flood" },
];

/** Ten connections: one is flooded, eight are idle, one echoes with a single message in flight. */
const fairness: ClientWorkload = {
  name: "fairness",
  title: "10 connections, one flooded: echo on another",
  group: "fairness",
  metrics,
  side: "client",
  tls: false,
  takeover: undefined,
  async peer() {
    const payloads = makePayloads({ format: "ascii", size: 64 }, 256);
    const { requestSize, replies } = echoFrames();
    const echoes = echo(requestSize, replies);
    return {
      "/echo": echoes,
      "/flood": flood(payloads.map((payload) => encodeMessage(payload, false))),
    };
  },
  async webSocket(run) {
    const { texts } = echoFrames();
    let size = 0;
    let messages = 0;
    for (let i = 0; i < idleConnections; i++) await run.open("/echo", () => {});
    let arrived = (): void => {};
    const echoing = await run.open("/echo", () => arrived());
    await run.open("/flood", ({ data }) => {
      size += (data as string).length;
      messages++;
    });
    const result = await measure(
      run,
      (listener) => {
        arrived = listener;
      },
      () => echoing.send(texts[0] ?? ""),
      () => messages,
    );
    if (size !== messages * 64) throw new Error(`received ${size} characters in ${messages} messages`);
    return result;
  },
  async plainSocket(run) {
    const { requests, replySize } = echoFrames();
    const request = requests[0] ?? Buffer.alloc(0);
    for (let i = 0; i < idleConnections; i++) await run.connect("/echo", () => {});
    let arrived = (): void => {};
    const echoing = await run.connect("/echo", () => arrived());
    let bytes = 0;
    await run.connect("/flood", (chunk) => {
      bytes += chunk.length;
    });
    return measure(
      run,
      (listener) => {
        arrived = listener;
      },
      () => echoing.write(request),
      () => bytes / replySize,
    );
  },
};

function measure(
  run: Run,
  onEcho: (listener: () => void) => void,
  send: () => void,
  flooded: () => number,
): Promise<Record<string, number>> {
  const times: number[] = [];
  const begin = performance.now();
  let windowBegin = 0;
  let floodBegin = 0;
  let sent = 0;
  return new Promise((resolve) => {
    onEcho(() => {
      const now = performance.now();
      if (windowBegin === 0) {
        if (now - begin >= run.timing.warmup) {
          run.started();
          floodBegin = flooded();
          windowBegin = performance.now();
        }
      } else {
        times.push((now - sent) * 1000);
        const elapsed = now - windowBegin;
        if (elapsed >= run.timing.window * windows) {
          run.stopped();
          const perSecond = ((flooded() - floodBegin) / elapsed) * 1000;
          resolve({ p99: percentile(times, 0.99), p50: percentile(times, 0.5), flood: perSecond });
          return;
        }
      }
      sent = performance.now();
      send();
    });
    sent = performance.now();
    send();
  });
}

export const fairnessWorkloads: readonly ClientWorkload[] = [fairness];
