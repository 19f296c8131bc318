import { mkdirSync, rmSync } from "node:fs";
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

const usage = `npm run bench:profile -- WORKLOAD [--against NAME] [--window MS] [--lines N]

Runs one client workload and writes a CPU profile of the counted time, for openline or the competitor named.`;

interface ProfileCommand {
  readonly workload: Workload;
  readonly competitor: Competitor;
  readonly window: number;
  readonly lines: number;
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
  return profile(command);
}

function parseProfileCommand(args: readonly string[]): ProfileCommand {
  const { values, positionals } = parse(args);
  const [name, ...more] = positionals;
  if (name === undefined || more.length > 0) throw new UsageError(`name one workload\n\n${usage}`);
  const [workload] = chooseWorkloads(name);
  const [competitor] = chooseCompetitors(values.against);
  if (workload === undefined || competitor === undefined) throw new UsageError(usage);
  if (workload.side === "server")
    throw new UsageError(`${workload.name} measures a server; only clients are profiled`);
  if (competitor.runtime !== "node") throw new UsageError(`${competitor.name} doesn't run on Node.js`);
  return { workload, competitor, window: parseCount(values.window), lines: parseCount(values.lines) };
}

function parse(args: readonly string[]): {
  values: { against: string; window: string; lines: string };
  positionals: string[];
} {
  const options = {
    against: { type: "string", default: "openline" },
    window: { type: "string", default: "2000" },
    lines: { type: "string", default: "25" },
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

async function profile({ workload, competitor, window, lines }: ProfileCommand): Promise<number> {
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
  console.log(`${workload.title}, ${competitor.name}`);
  if (metric !== undefined && value !== undefined) {
    console.log(`${metric.label}: ${formatValue(value, metric.unit)} (slower than without a profile)`);
  }
  console.log(`\n${renderProfile(file, isRate && value !== undefined ? value : 0, lines)}`);
  console.log(
    `\nwritten: ${relative(process.cwd(), file)} (open it in Chrome's developer tools or an editor)`,
  );
  return 0;
}
