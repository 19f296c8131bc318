import { findCompetitor } from "./competitors/catalogue.js";
import type { Loads } from "./run-once.js";
import { ratiosByRound, type SamplesByRound, type Summary, summarize } from "./statistics.js";
import type { Metrics } from "./worker-protocol.js";
import type { Metric, Workload } from "./workloads/workload.js";

export interface Sample {
  readonly round: number;
  readonly metrics: Metrics;
  /** How busy both processes were. */
  readonly loads: Loads;
}

export interface CompetitorResult {
  readonly competitor: string;
  readonly samples: Sample[];
  /** Why there are no samples, or not as many as asked for. */
  problem?: { readonly type: "unsupported" | "failed"; readonly reason: string };
}

export interface WorkloadResult {
  readonly workload: Workload;
  readonly results: readonly CompetitorResult[];
}

export function samplesOf(result: CompetitorResult, metric: Metric): SamplesByRound {
  const samples = new Map<number, number>();
  for (const { round, metrics } of result.samples) {
    const value = metrics[metric.key];
    if (value !== undefined) samples.set(round, value);
  }
  return samples;
}

export function summaryOf(result: CompetitorResult, metric: Metric): Summary {
  return summarize([...samplesOf(result, metric).values()]);
}

/**
 * `subject / other`, pair by pair. For memory, of what the two take above a plain socket, if both are built on
 * Node's: nothing else has that to pay.
 */
export function ratioSummary(
  { results }: WorkloadResult,
  metric: Metric,
  subject: string,
  other: string,
): Summary | undefined {
  const find = (name: string): SamplesByRound => {
    const result = results.find(({ competitor }) => competitor === name);
    return result === undefined ? new Map() : samplesOf(result, metric);
  };
  if (subject === other || metric.better === "info") return undefined;
  const bothOnNode = [subject, other].every(
    (name) => name !== "net" && findCompetitor(name).runtime === "node",
  );
  const baseline = metric.abovePlainSocket && bothOnNode ? find("net") : undefined;
  const ratios = ratiosByRound(find(subject), find(other), baseline);
  return ratios.length === 0 ? undefined : summarize(ratios);
}
