import process from "node:process";
import { hidden } from "openline/tracing";
import { goOnWithoutOutput } from "../closed-output.js";
import type { ReplayFlags } from "../commands/replay.js";
import { FailureError } from "../exit.js";
import type { Headers } from "../recording/connection-event.js";
import type { HarConnection } from "../recording/har-reader.js";
import { compare, type Difference } from "./comparison.js";
import { chooseEntry, describeEntry, readRecording } from "./har-entry.js";
import { playClient } from "./play-client.js";
import { playServer, type RecordedServer } from "./play-server.js";
import type { Outcome } from "./player.js";
import { checkFlags, readIgnored, readTempo } from "./replay-settings.js";
import { count, Report } from "./report.js";
import { type Scene, sceneOf } from "./scene.js";

/** `openline replay` */
export async function replay(file: string, flags: ReplayFlags): Promise<void> {
  checkFlags(flags);
  const ignored = readIgnored(flags.ignore);
  const recording = readRecording(file);
  if (flags.list) {
    process.stdout.write(recording.connections.map((entry) => `${describeEntry(entry)}\n`).join(""));
    return;
  }
  const entry = chooseEntry(file, recording, flags.entry);
  // The exit code is the result, whoever reads the rest.
  goOnWithoutOutput();
  const report = new Report(flags.json === true);
  const scene = sceneOf(entry, flags.against === undefined ? "server" : "client");
  const outcome = await play(entry, scene, flags, report);
  const differences = compare(scene, outcome, ignored);
  const expected = scene.steps.filter(({ isOwn }) => !isOwn).length;
  if (!outcome.wasInterrupted) report.result(differences, scene.role, expected);
  const failure = failureOf(differences, scene, outcome, expected);
  if (failure !== undefined) throw new FailureError(failure);
}

function play(entry: HarConnection, scene: Scene, flags: ReplayFlags, report: Report): Promise<Outcome> {
  const tempo = readTempo(flags);
  if (flags.against === undefined) return playServer(flags, serverOf(entry), scene, tempo, report);
  const protocols = headerOf(entry.request?.headers, "sec-websocket-protocol");
  const asked = protocols?.split(",").map((name) => name.trim()) ?? [];
  return playClient(flags.against, flags, scene, asked, tempo, report);
}

function serverOf({ request, response }: HarConnection): RecordedServer {
  const { pathname, search } = new URL(request?.url ?? "ws://server/");
  // What was masked in the recording is no use to a client.
  const query = search.includes(encodeURIComponent(hidden)) || search.includes("%28hidden%29") ? "" : search;
  return {
    path: `${pathname}${query}`,
    subprotocol: headerOf(response?.headers, "sec-websocket-protocol"),
  };
}

function headerOf(headers: Headers | undefined, wanted: string): string | undefined {
  return headers?.find(([name]) => name.toLowerCase() === wanted)?.[1];
}

function failureOf(
  differences: readonly Difference[],
  { role }: Scene,
  { wasInterrupted, received }: Outcome,
  expected: number,
): string | undefined {
  if (wasInterrupted) return `interrupted after ${received.length} of ${count(expected)}`;
  if (differences.length === 0) return undefined;
  const other = role === "server" ? "client" : "server";
  const number = differences.length === 1 ? "1 difference" : `${differences.length} differences`;
  return `the ${other} does not do as recorded: ${number}`;
}
