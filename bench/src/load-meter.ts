import { performance } from "node:perf_hooks";
import process from "node:process";
import type { Load } from "./worker-protocol.js";

/** Measures how busy this process is between its construction and `read`. */
export class LoadMeter {
  readonly #time = performance.now();
  readonly #cpu = process.cpuUsage();
  readonly #loop = eventLoopUtilization();

  read(): Load {
    const elapsed = performance.now() - this.#time;
    const used = process.cpuUsage(this.#cpu);
    const cpu = (used.user + used.system) / 1000 / elapsed;
    const loop = this.#loop === undefined ? undefined : performance.eventLoopUtilization(this.#loop);
    return { cpu, idle: loop === undefined ? Math.max(0, 1 - cpu) : 1 - loop.utilization };
  }
}

/** Only Node's answer means anything: Bun's and Deno's are constants. */
function eventLoopUtilization(): ReturnType<typeof performance.eventLoopUtilization> | undefined {
  const { bun, deno } = process.versions;
  return bun === undefined && deno === undefined ? performance.eventLoopUtilization() : undefined;
}
