import { onTold, tell } from "./child.js";
import type { RunOrder } from "./worker-protocol.js";
import type { Run } from "./workloads/workload.js";

/** The part of a run that every process measures in the same way. */
export function childRun(order: RunOrder): Run {
  const came = new Set<string>();
  const waiting = new Map<string, (() => void)[]>();
  onTold((text) => {
    came.add(text);
    for (const resolve of waiting.get(text) ?? []) resolve();
  });
  return {
    timing: { warmup: order.warmup, window: order.window },
    started: () => tell("start"),
    stopped: () => tell("stop"),
    tell,
    told: (text) =>
      new Promise((resolve) => {
        if (came.has(text)) resolve();
        else waiting.set(text, [...(waiting.get(text) ?? []), resolve]);
      }),
  };
}
