/** The middle of the samples; of an even number, the mean of the two in the middle. NaN of none. */
export function median(samples: readonly number[]): number {
  const sorted = [...samples].sort((a, b) => a - b);
  const upper = sorted[sorted.length >> 1];
  if (upper === undefined) return Number.NaN;
  const lower = sorted[(sorted.length - 1) >> 1] ?? upper;
  return (lower + upper) / 2;
}

/** The smallest sample that at least the given share (0 to 1) of all samples do not exceed. NaN of none. */
export function percentile(samples: readonly number[], share: number): number {
  const sorted = [...samples].sort((a, b) => a - b);
  const index = Math.max(0, Math.ceil(share * sorted.length) - 1);
  return sorted[Math.min(index, sorted.length - 1)] ?? Number.NaN;
}

export interface Summary {
  readonly median: number;
  readonly min: number;
  readonly max: number;
  readonly count: number;
}

export function summarize(samples: readonly number[]): Summary {
  return {
    median: median(samples),
    min: samples.length === 0 ? Number.NaN : Math.min(...samples),
    max: samples.length === 0 ? Number.NaN : Math.max(...samples),
    count: samples.length,
  };
}

/** Samples by the round in which they were taken. */
export type SamplesByRound = ReadonlyMap<number, number>;

/**
 * `subject / other`, round by round. Only samples of the same round are compared: they were taken within seconds
 * of each other, so what the machine does in the meantime touches both.
 */
export function ratiosByRound(
  subject: SamplesByRound,
  other: SamplesByRound,
  baseline?: SamplesByRound,
): number[] {
  const ratios: number[] = [];
  for (const [round, a] of subject) {
    const b = other.get(round);
    const floor = baseline === undefined ? 0 : baseline.get(round);
    if (b === undefined || floor === undefined || b - floor === 0) continue;
    ratios.push((a - floor) / (b - floor));
  }
  return ratios;
}
