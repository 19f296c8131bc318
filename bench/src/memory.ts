import process from "node:process";
import { setTimeout as delay } from "node:timers/promises";
import type { Metric } from "./workloads/workload.js";

export interface Memory {
  /** What the process takes of the machine's memory. */
  readonly rss: number;
  /** What the JavaScript engine knows of: its heap, and memory outside that objects in it hold. */
  readonly heap: number;
}

export const memoryMetrics: readonly Metric[] = [
  {
    key: "rss",
    unit: "bytes",
    better: "lower",
    label: "resident memory a connection",
    abovePlainSocket: true,
  },
  {
    key: "heap",
    unit: "bytes",
    better: "lower",
    label: "heap and external memory a connection",
    abovePlainSocket: true,
  },
];

/** Waits for everything to come to rest, collects garbage, and reads. */
export async function settledMemory(): Promise<Memory> {
  for (let i = 0; i < 3; i++) {
    await delay(150);
    collectGarbage();
  }
  const { rss, heapUsed, external } = process.memoryUsage();
  return { rss, heap: heapUsed + external };
}

export function perConnection(
  before: Memory,
  after: Memory,
  connections: number,
): { rss: number; heap: number } {
  return { rss: (after.rss - before.rss) / connections, heap: (after.heap - before.heap) / connections };
}

/** The runner starts each runtime in a way that shows its collector. */
function collectGarbage(): void {
  const { gc, Bun } = globalThis as { gc?: () => void; Bun?: { gc(force: boolean): void } };
  if (Bun !== undefined) Bun.gc(true);
  else if (gc !== undefined) gc();
  else throw new Error("this process was started without --expose-gc");
}

/** Runs `open` so many times, some at a time. */
export async function openMany(count: number, open: (index: number) => Promise<void>): Promise<void> {
  let next = 0;
  const loop = async (): Promise<void> => {
    while (next < count) await open(next++);
  };
  await Promise.all(Array.from({ length: 32 }, loop));
}
