import type { RecordableHistogram } from "node:perf_hooks";

/** The percentiles that are told, and their names. */
export const percentiles = [
  ["p50", 50],
  ["p90", 90],
  ["p99", 99],
  ["p99.9", 99.9],
] as const;

/** A whole number with separators. */
export function count(value: number): string {
  return Math.round(value).toLocaleString("en");
}

/** Three digits and the unit that fits. */
export function duration(nanoseconds: number): string {
  const units = [
    [1e9, "s"],
    [1e6, "ms"],
    [1e3, "µs"],
  ] as const;
  const [factor, unit] = units.find(([size]) => nanoseconds >= size) ?? units[2];
  return `${threeDigits(nanoseconds / factor)} ${unit}`;
}

export function bytes(value: number): string {
  const units = [
    [1e9, "GB"],
    [1e6, "MB"],
    [1e3, "kB"],
  ] as const;
  const [factor, unit] = units.find(([size]) => value >= size) ?? [1, "B"];
  return factor === 1 ? `${Math.round(value)} B` : `${threeDigits(value / factor)} ${unit}`;
}

function threeDigits(value: number): string {
  if (value >= 100) return count(value);
  return value.toFixed(value >= 10 ? 1 : 2);
}

/** Undefined if nothing was measured. */
export function percentilesOf(histogram: RecordableHistogram): readonly number[] | undefined {
  if (histogram.count === 0) return undefined;
  return [...percentiles.map(([, percentile]) => histogram.percentile(percentile)), histogram.max];
}
