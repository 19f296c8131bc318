import { styleText } from "node:util";
import { floorFor, isReached } from "./floors.js";
import { formatRatio, formatValue } from "./format.js";
import {
  type CompetitorResult,
  ratioSummary,
  type Sample,
  summaryOf,
  type WorkloadResult,
} from "./results.js";
import { median } from "./statistics.js";
import type { Metric } from "./workloads/workload.js";

type Style = Parameters<typeof styleText>[0];

export interface TableOptions {
  readonly subject: string;
  readonly colour: boolean;
}

/** A workload's block of the table: a line for each competitor, a group of lines for each metric. */
export function renderTable(result: WorkloadResult, { subject, colour }: TableOptions): string {
  const paint = (style: Style, text: string): string => (colour ? styleText(style, text) : text);
  const lines: string[] = [paint("bold", `${result.workload.name}  ${result.workload.title}`)];
  for (const [index, metric] of result.workload.metrics.entries()) {
    if (!result.results.some(({ samples }) => samples.length > 0)) break;
    const sense = metric.better === "info" ? "" : `, ${metric.better} is better`;
    const above = metric.abovePlainSocket ? "; ratios among those on Node: of what lies above net" : "";
    lines.push(paint("dim", `  ${metric.label}${sense}${above}`));
    for (const each of result.results) {
      if (each.samples.length > 0) lines.push(renderLine(result, each, metric, index === 0, subject, paint));
    }
  }
  for (const { competitor, problem } of result.results) {
    if (problem === undefined) continue;
    const text = `  ${competitor.padEnd(9)} ${problem.type === "failed" ? "FAILED: " : ""}${problem.reason}`;
    lines.push(paint(problem.type === "failed" ? "red" : "dim", text));
  }
  return lines.join("\n");
}

function renderLine(
  result: WorkloadResult,
  { competitor, samples }: CompetitorResult,
  metric: Metric,
  isFirst: boolean,
  subject: string,
  paint: (style: Style, text: string) => string,
): string {
  const summary = summaryOf({ competitor, samples }, metric);
  const value = (number: number): string => formatValue(number, metric.unit);
  const range = `${value(summary.min)} to ${value(summary.max)}`;
  const cells = [`  ${competitor.padEnd(9)}`, value(summary.median).padStart(8), range.padStart(20)];
  const ratio = ratioSummary(result, metric, subject, competitor);
  if (ratio !== undefined) {
    cells.push(
      `  ${subject} is ${formatRatio(ratio.median).padStart(5)} ×`,
      `(${formatRatio(ratio.min)} to ${formatRatio(ratio.max)})`.padEnd(17),
    );
    const floor = isFirst && subject === "openline" ? floorFor(result.workload.name, competitor) : undefined;
    if (floor !== undefined) {
      const reached = isReached(floor, ratio.median);
      const text = `${reached ? "✓" : "✗"} ${floor.bound} ${floor.ratio}`;
      cells.push(paint(reached ? "green" : "yellow", text.padEnd(14)));
    }
  }
  if (isFirst)
    cells.push(paint("dim", `idle ${idleShare(samples, "competitor")}, peer ${idleShare(samples, "peer")}`));
  return cells.join(" ").trimEnd();
}

function idleShare(samples: readonly Sample[], which: "competitor" | "peer"): string {
  const idle = median(samples.flatMap(({ loads }) => loads[which]?.idle ?? []));
  return Number.isNaN(idle) ? "–" : `${Math.round(idle * 100)} %`;
}
