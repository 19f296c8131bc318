import { floorFor, isReached } from "./floors.js";
import { formatRatio, formatValue } from "./format.js";
import type { Summary } from "./statistics.js";
import type { Metric } from "./workloads/workload.js";

/** What `bench/results/latest.json` holds, as far as the page needs it. */
export interface SavedReport {
  readonly takenAt: string;
  readonly machine: Readonly<Record<string, unknown>>;
  readonly versions: Readonly<Record<string, string>>;
  readonly runs: number;
  readonly workloads: readonly {
    readonly name: string;
    readonly title: string;
    readonly metrics: readonly (Metric & { readonly competitors: readonly SavedSummary[] })[];
  }[];
}

interface SavedSummary {
  readonly competitor: string;
  readonly summary: Summary;
  readonly "openline over it"?: Summary;
}

const competitors = ["ws", "undici", "bun", "deno", "net"] as const;
const start = "<!-- results: made by `npm run bench:page` from bench/results/latest.json -->";
const end = "<!-- end of results -->";

/** The page with its table made anew from a run. */
export function updatePage(page: string, report: SavedReport): string {
  const from = page.indexOf(start);
  const to = page.indexOf(end);
  if (from < 0 || to < from) throw new Error(`docs/performance.md lacks the lines ${start} and ${end}`);
  return `${page.slice(0, from)}${start}\n\n${renderResults(report)}\n\n${page.slice(to)}`;
}

function renderResults(report: SavedReport): string {
  const versions = Object.entries(report.versions).map(([name, version]) => `${name} ${version}`);
  const rows = report.workloads.flatMap(({ name, title, metrics }) => {
    const [metric] = metrics;
    return metric === undefined ? [] : [renderRow(name, title, metric)];
  });
  return [
    `Taken at ${report.takenAt}; ${report.runs} runs each, competitors in turn; ${versions.join(", ")}.`,
    "",
    `| workload | openline | ${competitors.map((each) => `× ${each}`).join(" | ")} |`,
    `| --- | --- | ${competitors.map(() => "---").join(" | ")} |`,
    ...rows,
  ].join("\n");
}

function renderRow(
  name: string,
  title: string,
  metric: SavedReport["workloads"][number]["metrics"][number],
): string {
  const find = (competitor: string) => metric.competitors.find((each) => each.competitor === competitor);
  const own = find("openline")?.summary.median;
  const cells = competitors.map((competitor) => {
    const ratio = find(competitor)?.["openline over it"]?.median;
    if (ratio === undefined) return "";
    const floor = floorFor(name, competitor);
    if (floor === undefined) return formatRatio(ratio);
    const sign = floor.bound === "at least" ? "≥" : "≤";
    const verdict = isReached(floor, ratio) ? "" : " ✗";
    return `**${formatRatio(ratio)}** (${sign} ${floor.ratio}${verdict})`;
  });
  const value = own === undefined || own === null ? "–" : formatValue(own, metric.unit);
  return `| ${title} | ${value} | ${cells.join(" | ")} |`;
}
