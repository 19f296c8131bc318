import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import type { Machine } from "./machine.js";
import type { Timing } from "./rate-meter.js";
import { ratioSummary, summaryOf, type WorkloadResult } from "./results.js";

export interface ReportHead {
  readonly takenAt: string;
  readonly machine: Machine;
  readonly versions: Readonly<Record<string, string>>;
  readonly timing: Timing;
  readonly runs: number;
  readonly subject: string;
}

/** Everything that was measured: each sample, and what was made of them. */
export function writeJson(file: string, head: ReportHead, results: readonly WorkloadResult[]): void {
  const workloads = results.map((result) => ({
    name: result.workload.name,
    title: result.workload.title,
    metrics: result.workload.metrics.map((metric) => ({
      ...metric,
      competitors: result.results.map((each) => ({
        competitor: each.competitor,
        summary: summaryOf(each, metric),
        [`${head.subject} over it`]: ratioSummary(result, metric, head.subject, each.competitor),
      })),
    })),
    competitors: result.results,
  }));
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify({ ...head, workloads }, null, 2)}\n`);
}
