import { rmSync } from "node:fs";
import { join, relative } from "node:path";
import process from "node:process";
import { makeCertificate } from "./certificate.js";
import { type BenchCommand, benchUsage, parseBenchCommand, UsageError } from "./command-line.js";
import { competitors } from "./competitors/catalogue.js";
import { describeMachine, describeVersions } from "./machine.js";
import { startProgress } from "./progress.js";
import { writeCharts } from "./report-chart.js";
import { type ReportHead, writeJson } from "./report-json.js";
import { renderTable } from "./report-table.js";
import type { WorkloadResult } from "./results.js";
import { competitorsFor, runPlan } from "./runner.js";
import { benchFolder } from "./runtimes.js";
import { workloads } from "./workloads/catalogue.js";

/** Returns the process's exit code: 1 if a run of the subject failed, 2 if the command makes no sense. */
export async function main(args: readonly string[]): Promise<number> {
  let command: BenchCommand;
  try {
    command = parseBenchCommand(args);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    console.error(`bench: ${error.message}`);
    return 2;
  }
  if (command.action === "help") console.log(benchUsage);
  else if (command.action === "list") console.log(renderList());
  else return bench(command);
  return 0;
}

function renderList(): string {
  const width = Math.max(...workloads.map(({ name }) => name.length));
  return [
    "workloads:",
    ...workloads.map(({ name, title }) => `  ${name.padEnd(width)}  ${title}`),
    "competitors:",
    `  ${competitors.map(({ name }) => name).join(", ")}`,
  ].join("\n");
}

async function bench(command: BenchCommand): Promise<number> {
  const head: ReportHead = {
    takenAt: new Date().toISOString(),
    machine: describeMachine(),
    versions: describeVersions(),
    timing: command.timing,
    runs: command.runs,
    subject: command.subject,
  };
  console.log(`${describeHead(head)}\n`);
  const certificate = await makeCertificate();
  const turns = command.workloads.flatMap((workload) => competitorsFor(workload, command.competitors));
  const progress = await startProgress(turns.length * command.runs);
  const colour = process.stdout.isTTY && process.stdout.hasColors();
  const results = await runPlan(
    command,
    { timing: command.timing, certificate },
    {
      running: (workload, competitor) => progress.show(`${workload.name} ${competitor.name}`),
      ran: () => progress.advance(),
      finished: (result) => progress.print(`${renderTable(result, { subject: command.subject, colour })}\n`),
    },
  );
  progress.end();
  rmSync(certificate.folder, { recursive: true, force: true });
  await write(command, head, results);
  const ofSubject = results.flatMap((each) =>
    each.results.filter(({ competitor }) => competitor === head.subject),
  );
  return ofSubject.some(({ problem }) => problem?.type === "failed") ? 1 : 0;
}

async function write(
  command: BenchCommand,
  head: ReportHead,
  results: readonly WorkloadResult[],
): Promise<void> {
  // Only a complete run takes the place of the results that the documentation shows.
  const folder = join(benchFolder, command.isComplete ? "results" : ".cache/results");
  const json = command.json ?? join(folder, "latest.json");
  writeJson(json, head, results);
  const charts = await writeCharts(command.charts ?? folder, results, describeHead(head));
  console.log(`written: ${[json, ...charts].map((file) => relative(process.cwd(), file)).join(", ")}`);
}

function describeHead({ machine, versions, runs, timing }: ReportHead): string {
  const names = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  return [
    names.join(", "),
    `${machine.processor}, ${machine.cores} cores, ${machine.memory}, ${machine.system}`,
    `medians of ${runs} runs of ${timing.window} ms`,
  ].join("\n");
}
