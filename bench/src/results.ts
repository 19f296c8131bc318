import { ratiosByRound, type SamplesByRound, type Summary, summarize } from "./statistics.js";
import type { Load, Metrics } from "./worker-protocol.js";
import type { Metric, Workload } from "./workloads/workload.js";

export interface Sample {
  readonly round: number;
  readonly metrics: Metrics;
  readonly peerLoad: Load | undefined;
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

/** `subject / other`, pair by pair; for memory, of what each takes above a plain socket. */
export function ratioSummary(
  { results }: WorkloadResult,
  metric: Metric,
  subject: string,
  other: string,
): Summary | undefined {
  const find = (name: string): SamplesByRound | undefined => {
    const result = results.find(({ competitor }) => competitor === name);
    return result === undefined ? undefined : samplesOf(result, metric);
  };
  const [a, b] = [find(subject), find(other)];
  if (a === undefined || b === undefined || subject === other || metric.better === "info") return undefined;
  const baseline = metric.abovePlainSocket && other !== "net" ? find("net") : undefined;
  if (metric.abovePlainSocket && other !== "net" && baseline === undefined) return undefined;
  const ratios = ratiosByRound(a, b, baseline);
  return ratios.length === 0 ? undefined : summarize(ratios);
}
