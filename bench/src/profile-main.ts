import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import process from "node:process";
import { parseArgs } from "node:util";
import { makeCertificate } from "./certificate.js";
import { chooseCompetitors, chooseWorkloads, UsageError } from "./command-line.js";
import type { Competitor } from "./competitors/competitor.js";
import { formatValue } from "./format.js";
import { renderProfile } from "./profile-report.js";
import { runOnce } from "./run-once.js";
import { benchFolder } from "./runtimes.js";
import type { Workload } from "./workloads/workload.js";

const usage = `npm run bench:profile -- WORKLOADS [--against NAME] [--window MS] [--lines N] [--save]

Runs workloads (names separated by commas) and writes a CPU profile of each one's counted time, for openline or the
competitor named. With --save the summary goes to bench/results/profiles/, too.`;

interface ProfileCommand {
  readonly workloads: readonly Workload[];
  readonly competitor: Competitor;
  readonly window: number;
  readonly lines: number;
  readonly saves: boolean;
}

export async function main(args: readonly string[]): Promise<number> {
  let command: ProfileCommand;
  try {
    command = parseProfileCommand(args);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    console.error(`bench:profile: ${error.message}`);
    return 2;
  }
  let exitCode = 0;
  for (const workload of command.workloads) exitCode ||= await profile(workload, command);
  return exitCode;
}

function parseProfileCommand(args: readonly string[]): ProfileCommand {
  const { values, positionals } = parse(args);
  const [names, ...more] = positionals;
  if (names === undefined || more.length > 0) throw new UsageError(`name the workloads\n\n${usage}`);
  const workloads = chooseWorkloads(names);
  const [competitor] = chooseCompetitors(values.against);
  if (competitor === undefined) throw new UsageError(usage);
  if (competitor.runtime !== "node") throw new UsageError(`${competitor.name} doesn't run on Node.js`);
  const { window, lines, save: saves } = values;
  return { workloads, competitor, window: parseCount(window), lines: parseCount(lines), saves };
}

function parse(args: readonly string[]): {
  values: { against: string; window: string; lines: string; save: boolean };
  positionals: string[];
} {
  const options = {
    against: { type: "string", default: "openline" },
    window: { type: "string", default: "2000" },
    lines: { type: "string", default: "25" },
    save: { type: "boolean", default: false },
  } as const;
  try {
    return parseArgs({ args: [...args], options, strict: true, allowPositionals: true });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function parseCount(text: string): number {
  const count = Number(text);
  if (!Number.isInteger(count) || count < 1) throw new UsageError(`"${text}" is not a whole number above 0`);
  return count;
}

async function profile(
  workload: Workload,
  { competitor, window, lines, saves }: ProfileCommand,
): Promise<number> {
  const folder = join(benchFolder, ".cache", "profiles");
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `${workload.name}-${competitor.name}.cpuprofile`);
  const certificate = await makeCertificate();
  const outcome = await runOnce(workload, competitor, {
    timing: { warmup: 1000, window },
    certificate,
    profile: file,
  });
  rmSync(certificate.folder, { recursive: true, force: true });
  if (outcome.type !== "measured") {
    console.error(`bench:profile: ${competitor.name} ${outcome.type}: ${outcome.reason}`);
    return 1;
  }
  const [metric] = workload.metrics;
  const value = metric === undefined ? undefined : outcome.metrics[metric.key];
  const isRate = metric?.unit.endsWith("/s") ?? false;
  const figure = metric === undefined || value === undefined ? "" : formatValue(value, metric.unit);
  const summary = [
    `${workload.title}, ${competitor.name}, node ${process.version}`,
    `${metric?.label}: ${figure} (slower than without a profile)`,
    "",
    renderProfile(file, isRate && value !== undefined ? value : 0, lines),
  ].join("\n");
  console.log(summary);
  if (saves) {
    const results = join(benchFolder, "results", "profiles");
    mkdirSync(results, { recursive: true });
    writeFileSync(join(results, `${workload.name}-${competitor.name}.txt`), `${summary}\n`);
  }
  console.log(
    `\nwritten: ${relative(process.cwd(), file)} (open it in Chrome's developer tools or an editor)`,
  );
  return 0;
}
