import process from "node:process";
import { goOnWithoutOutput } from "../closed-output.js";
import type { BenchFlags } from "../commands/bench.js";
import { FailureError } from "../exit.js";
import { onInterruption } from "../interruption.js";
import { type BenchSettings, readBenchSettings, shareOut } from "./bench-settings.js";
import { confirmLoad } from "./confirmation.js";
import { type BenchResult, Load } from "./load.js";
import { showProgress } from "./progress.js";

export async function bench(url: string, flags: BenchFlags): Promise<void> {
  const settings = await readBenchSettings(url, flags);
  await confirmLoad(settings);
  const result = await measure(settings);
  // The exit code is a result, too, whoever reads the rest.
  goOnWithoutOutput();
  process.stdout.write(await describe(settings, result));
  const failure = whatFailed(settings, result);
  if (failure !== undefined) throw new FailureError(failure);
}

async function measure(settings: BenchSettings): Promise<BenchResult> {
  const load = new Load(shareOut(settings), settings.duration);
  const stopListening = onInterruption(() => load.interrupt());
  const stopProgress = showProgress(load, settings);
  try {
    return await load.result();
  } finally {
    stopProgress();
    stopListening();
  }
}

async function describe(settings: BenchSettings, result: BenchResult): Promise<string> {
  if (settings.asJson) {
    const { reportJson } = await import("./report-json.js");
    return `${JSON.stringify(reportJson(settings, result), undefined, 2)}\n`;
  }
  const { reportTables } = await import("./report-table.js");
  const tables = reportTables(settings, result);
  if (!process.stdout.isTTY) return tables;
  const { reportChart } = await import("./report-chart.js");
  return `${tables}${reportChart(result, process.stdout.columns || 80)}`;
}

/** Why the run is no success, in one line. */
export function whatFailed(
  { connections, takeAnyReply }: Pick<BenchSettings, "connections" | "takeAnyReply">,
  result: BenchResult,
): string | undefined {
  const { counts, failures, endings, unanswered } = result;
  const { failed, ended, sent, replies, others } = counts;
  const [failure] = failures.keys();
  if (failure !== undefined) return `${failed} of ${connections} connections could not be opened: ${failure}`;
  const [ending] = endings.keys();
  if (ending !== undefined) return `${ended} of ${connections} connections ended early: ${ending}`;
  if (sent > 0 && replies === 0) {
    if (others === 0) return "no message was answered: bench needs a server that echoes";
    const hint = takeAnyReply ? "" : "; --any-reply takes any message for the reply";
    return `no message came back as it was sent, but ${others} others came${hint}`;
  }
  if (unanswered > 0) return `${unanswered} of ${sent} messages were not answered`;
  return undefined;
}
