import process from "node:process";
import { setTimeout as sleep } from "node:timers/promises";
import { onOutputClosed } from "../closed-output.js";
import type { InspectFlags } from "../commands/inspect.js";
import { shownUrl } from "../connect/shown-url.js";
import { FailureError, UsageError } from "../exit.js";
import { onInterruption } from "../interruption.js";
import { type Line, openLine } from "../line/line.js";
import { toJsonLine } from "../recording/event-json.js";
import { problemWithFile, writePrivateFile } from "../recording/private-file.js";
import { Recording } from "../recording/recording.js";
import { ownVersion } from "../version.js";
import { whyNotListening } from "../why-not-listening.js";
import { type InspectedTarget, readTarget } from "./target.js";

/** `openline inspect`: until it is told to end. */
export async function inspect(url: string, flags: InspectFlags): Promise<void> {
  const target = await readTarget(url, flags);
  const { record } = flags;
  const problem = record === undefined ? undefined : problemWithFile(record);
  if (problem !== undefined) throw new UsageError(`--record "${record}": can't be written (${problem})`);
  const recording = record === undefined ? new Recording() : new KeptRecording();
  try {
    const stdoutProblem = await run(target, flags, recording);
    if (record !== undefined) await write(record, recording);
    if (stdoutProblem !== undefined) throw new FailureError(`stdout: ${stdoutProblem.message}`);
  } finally {
    recording.close();
  }
}

/** The page may clear its own view, but not the file. */
class KeptRecording extends Recording {
  override clear(): void {}
}

/** @returns what was wrong with stdout, if that has ended it. */
async function run(
  target: InspectedTarget,
  flags: InspectFlags,
  recording: Recording,
): Promise<Error | undefined> {
  const ended = new Promise<Error | undefined>((resolve) => {
    onInterruption(() => resolve(undefined));
    onOutputClosed(resolve);
  });
  const line = await open(target, flags.port, recording);
  try {
    const page = flags.page ? await startPage(line, target, flags, recording) : undefined;
    try {
      await tell(line, page?.url, flags, recording);
      if (flags.open) await page?.open();
      const problem = await ended;
      await cut(line);
      return problem;
    } finally {
      await page?.close();
    }
  } finally {
    await line.close();
  }
}

/** Both sides are to see an end; who takes none in time is reset with the line. */
async function cut(line: Line): Promise<void> {
  line.cut();
  for (let waited = 0; line.connections > 0 && waited < 500; waited += 10) await sleep(10);
}

async function open(target: InspectedTarget, port: number, recorder: Recording): Promise<Line> {
  try {
    return await openLine({ ...target, port, recorder });
  } catch (error) {
    throw new FailureError(whyNotListening(error as NodeJS.ErrnoException, "127.0.0.1", port));
  }
}

interface Page {
  readonly url: string;
  open(): Promise<void>;
  close(): Promise<void>;
}

async function startPage(
  line: Line,
  target: InspectedTarget,
  flags: InspectFlags,
  recording: Recording,
): Promise<Page> {
  const { startWorkbench } = await import("../workbench/workbench.js");
  const workbench = await startWorkbench({
    port: flags.pagePort,
    version: ownVersion(),
    recording,
    inspect: { line, proxyUrl: shownUrl(line.url), targetUrl: target.shownUrl },
  });
  return {
    url: workbench.url,
    open: async () => {
      const { openBrowser } = await import("../workbench/browser.js");
      await openBrowser(workbench);
    },
    close: () => workbench.close(),
  };
}

/** Says where to connect to and, unless a page does, all that passes. */
async function tell(
  line: Line,
  page: string | undefined,
  flags: InspectFlags,
  recording: Recording,
): Promise<void> {
  const { stdout } = process;
  const output = new LineOutput();
  // Loaded first: nothing may pass between the address and the first event.
  const { eventLine } = await import("./event-line.js");
  if (flags.json) {
    output.write(JSON.stringify({ kind: "inspect", url: line.url, ...(page === undefined ? {} : { page }) }));
    recording.subscribe((event) => output.write(toJsonLine(event, stdout.isTTY)));
  } else {
    output.write(line.url);
    if (page === undefined) recording.subscribe((event) => output.write(eventLine(event)));
    else output.write(page);
  }
}

/** Lines of stdout, those of one turn of the event loop in one portion. */
class LineOutput {
  #pending = "";

  write(line: string | undefined): void {
    if (line === undefined) return;
    if (this.#pending === "") setImmediate(() => this.#flush());
    this.#pending += `${line}\n`;
  }

  #flush(): void {
    process.stdout.write(this.#pending);
    this.#pending = "";
  }
}

async function write(file: string, recording: Recording): Promise<void> {
  try {
    await writePrivateFile(file, recording.har({ name: "openline", version: ownVersion() }));
  } catch (error) {
    throw new FailureError(`--record "${file}": ${error instanceof Error ? error.message : String(error)}`);
  }
}
