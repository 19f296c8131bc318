import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { type CompetitorResult, ratioSummary, type WorkloadResult } from "./results.js";
import { findWorkload } from "./workloads/catalogue.js";
import type { Metric } from "./workloads/workload.js";

function resultOf(
  name: string,
  key: string,
  values: Readonly<Record<string, readonly number[]>>,
): WorkloadResult {
  const results = Object.entries(values).map(
    ([competitor, samples]): CompetitorResult => ({
      competitor,
      samples: samples.map((value, round) => ({ round, metrics: { [key]: value }, loads: {} })),
    }),
  );
  return { workload: findWorkload(name), results };
}

const metricOf = ({ workload }: WorkloadResult, index = 0): Metric => {
  const metric = workload.metrics[index];
  assert.ok(metric);
  return metric;
};

describe("ratioSummary", () => {
  test("is the median of the ratios round by round, with least and most", () => {
    const result = resultOf("recv-64", "rate", { openline: [10, 40, 30], ws: [5, 10, 10] });
    const ratio = ratioSummary(result, metricOf(result), "openline", "ws");
    assert.deepEqual(ratio, { median: 3, min: 2, max: 4, count: 3 });
  });

  test("of memory compares what lies above a plain socket, among those on Node", () => {
    const result = resultOf("memory-client-1000", "rss", { openline: [7], ws: [11], bun: [14], net: [3] });
    assert.equal(ratioSummary(result, metricOf(result), "openline", "ws")?.median, 0.5);
    assert.equal(ratioSummary(result, metricOf(result), "openline", "bun")?.median, 0.5);
  });

  test("is absent for a competitor without samples, for the subject itself, and for what is only shown", () => {
    const result = resultOf("send-deflate-300", "rate", { openline: [7], ws: [] });
    assert.equal(ratioSummary(result, metricOf(result), "openline", "ws"), undefined);
    assert.equal(ratioSummary(result, metricOf(result), "openline", "openline"), undefined);
    const shown = resultOf("send-deflate-300", "wire", { openline: [7], ws: [7] });
    assert.equal(ratioSummary(shown, metricOf(shown, 1), "openline", "ws"), undefined);
  });
});
