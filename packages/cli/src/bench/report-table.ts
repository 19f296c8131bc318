import process from "node:process";
import { bold, red, yellow } from "ansis";
import Table from "cli-table3";
import type { BenchSettings } from "./bench-settings.js";
import type { BenchResult } from "./load.js";
import type { Reasons } from "./load-protocol.js";
import { bytes, count, duration, percentiles, percentilesOf } from "./report-format.js";

// cli-table3 would colour heads and borders even in a pipe.
const style = { head: [], border: [], compact: true };

/** What was measured, for people. */
export function reportTables(settings: BenchSettings, result: BenchResult): string {
  const parts = [
    connectionsOf(settings, result),
    messageTable(result),
    timesTable(result),
    notesOn(settings, result),
  ];
  return `${parts.filter((part) => part !== "").join("\n")}\n`;
}

function connectionsOf({ connections }: BenchSettings, { counts, failures, endings }: BenchResult): string {
  const { opened, failed, ended } = counts;
  const table = newTable(["connections", "", ""]);
  table.push(["opened", right(count(opened)), `of ${count(connections)}`]);
  if (failed > 0) table.push([red("failed"), right(count(failed)), reasons(failures)]);
  if (ended > 0) table.push([red("ended early"), right(count(ended)), reasons(endings)]);
  return table.toString();
}

function reasons(all: Reasons): string {
  return Array.from(all, ([reason, number]) => fitted(`${count(number)} × ${reason}`)).join("\n");
}

/** What the first two columns and the borders take. */
const besideReasons = 36;

/** Cut where a terminal would break the table's lines. */
function fitted(text: string): string {
  const { isTTY, columns } = process.stdout;
  const room = Math.max(20, columns - besideReasons);
  return isTTY && text.length > room ? `${text.slice(0, room - 1)}…` : text;
}

function messageTable({ counts, duringLoad, elapsed, unanswered, heldBack }: BenchResult): string {
  if (elapsed === 0) return "";
  const aSecond = (value: number): number => (value * 1000) / elapsed;
  const table = newTable(["messages", "in all", "a second", "bytes a second"]);
  const { sent, replies, others } = counts;
  table.push(
    [
      "sent",
      ...[count(sent), count(aSecond(duringLoad.sent)), bytes(aSecond(duringLoad.bytesSent))].map(right),
    ],
    [
      "replies",
      ...[count(replies), count(aSecond(duringLoad.replies)), bytes(aSecond(duringLoad.bytesReceived))].map(
        right,
      ),
    ],
  );
  for (const [name, number] of [
    ["unanswered", unanswered],
    ["due, not sent", heldBack],
    ["others received", others],
  ] as const) {
    if (number > 0) table.push([yellow(name), right(count(number)), "", ""]);
  }
  return table.toString();
}

function timesTable({ roundTrips, handshakes }: BenchResult): string {
  const rows = [
    ["round trip", percentilesOf(roundTrips)],
    ["handshake", percentilesOf(handshakes)],
  ] as const;
  const table = newTable(["time", ...percentiles.map(([name]) => name), "max"]);
  for (const [name, times] of rows) {
    if (times !== undefined) table.push([name, ...times.map((time) => right(duration(time)))]);
  }
  return table.length === 0 ? "" : table.toString();
}

function notesOn(
  { pace }: BenchSettings,
  { counts, wasInterrupted, elapsed, heldBack }: BenchResult,
): string {
  const notes = [];
  if (wasInterrupted) notes.push(`Interrupted after ${duration(elapsed * 1e6)}.`);
  if (pace.kind === "rate" && heldBack > counts.sent / 100) {
    notes.push("The rate was not reached: messages were due that could not be sent in time.");
  }
  return notes.map((note) => `${yellow(note)}`).join("\n");
}

function newTable(head: readonly string[]): Table.Table {
  return new Table({ head: head.map((name) => bold(name)), style });
}

function right(content: string): { readonly content: string; readonly hAlign: "right" } {
  return { content, hAlign: "right" };
}
