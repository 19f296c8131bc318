import type { Metric } from "./workloads/workload.js";

/** Three digits that count, with the prefix that keeps the number short. */
export function formatValue(value: number, unit: Metric["unit"]): string {
  if (Number.isNaN(value)) return "–";
  if (unit === "×") return value.toFixed(2);
  if (unit === "µs") return value >= 1000 ? `${digits(value / 1000)} ms` : `${digits(value)} µs`;
  if (unit === "ms") return `${digits(value)} ms`;
  if (unit === "bytes") return value >= 10_000 ? `${digits(value / 1000)} k` : String(Math.round(value));
  if (value >= 1e6) return `${digits(value / 1e6)} M`;
  if (value >= 1e3) return `${digits(value / 1e3)} k`;
  return digits(value);
}

export function formatRatio(ratio: number): string {
  return Math.abs(ratio) >= 100
    ? ratio.toFixed(0)
    : Math.abs(ratio) >= 10
      ? ratio.toFixed(1)
      : ratio.toFixed(2);
}

function digits(value: number): string {
  return value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2);
}
