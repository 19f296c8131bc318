import { dim, green, red } from "ansis";
import { diffArrays } from "diff";
import { hexView } from "../terminal/hex-view.js";
import { layOutJson } from "../terminal/json-layout.js";
import { visibleLine, visibleLines } from "../terminal/visible-text.js";
import type { Difference } from "./comparison.js";
import type { OutcomeEnd } from "./player.js";
import type { MessageData, Role } from "./scene.js";

/** Lines that are equal and shown around those that aren't. */
const context = 2;

/** Lines of one message that are shown. */
const mostLines = 40;

/** Characters of a line that are shown, and how many of them before the first that differs. */
const longest = 160;
const before = 40;

/** A difference as lines. Nothing in it drives the terminal. */
export function describeDifference(difference: Difference, played: Role): string[] {
  const other = played === "server" ? "client" : "server";
  switch (difference.kind) {
    case "changed":
      return [
        `message ${difference.number} of the ${other} differs`,
        ...indented(describeChange(difference.expected, difference.got)),
      ];
    case "missing":
      return [
        `message ${difference.number} of the ${other} has not come`,
        ...indented(cut(linesOf(difference.expected)).map((line) => red(`- ${shorten(line, 0)}`))),
      ];
    case "extra":
      return [
        `message ${difference.number} of the ${other} is not in the recording`,
        ...indented(cut(linesOf(difference.got)).map((line) => green(`+ ${shorten(line, 0)}`))),
      ];
    case "end": {
      const { expected, got } = difference;
      const wanted = expected === undefined ? "open until the end" : `closed with ${closeText(expected)}`;
      return [
        `the ${other} has not ended the connection as recorded`,
        ...indented([red(`- ${wanted}`), green(`+ ${endText(got)}`)]),
      ];
    }
  }
}

function endText(end: OutcomeEnd | undefined): string {
  if (end === undefined) return "still open at the end";
  if (end.wasClean) return `closed with ${closeText(end)}`;
  return `cut${end.error === undefined ? "" : `: ${visibleLine(end.error)}`}`;
}

function closeText({ code, reason }: { readonly code: number; readonly reason: string }): string {
  return `${code}${reason === "" ? "" : ` ${visibleLine(reason)}`}`;
}

function describeChange(expected: MessageData, got: MessageData): string[] {
  if (typeof expected !== typeof got) {
    return [...marked("-", red, describeType(expected)), ...marked("+", green, describeType(got))];
  }
  const [old, fresh] = [linesOf(expected), linesOf(got)];
  const [oldLine, freshLine] = [old[0], fresh[0]];
  if (old.length === 1 && fresh.length === 1 && oldLine !== undefined && freshLine !== undefined) {
    const from = commonLength(oldLine, freshLine);
    return [red(`- ${shorten(oldLine, from)}`), green(`+ ${shorten(freshLine, from)}`)];
  }
  return cut(lineDiff(old, fresh));
}

function describeType(data: MessageData): string[] {
  const type = typeof data === "string" ? "text" : "binary";
  return [`${type}:`, ...cut(linesOf(data))];
}

function marked(sign: string, paint: (text: string) => string, lines: readonly string[]): string[] {
  return lines.map((line) => paint(`${sign} ${shorten(line, 0)}`));
}

/** JSON laid out, other text as it is, binary as a hex view. */
function linesOf(data: MessageData): string[] {
  if (typeof data !== "string") return data.length === 0 ? ["(empty)"] : hexView(data);
  if (data === "") return ["(empty)"];
  return layOutJson(data)?.map(visibleLine) ?? visibleLines(data);
}

function lineDiff(old: string[], fresh: string[]): string[] {
  const changes = diffArrays(old, fresh, { maxEditLength: 2000 }) ?? [
    { removed: true, added: false, value: old },
    { removed: false, added: true, value: fresh },
  ];
  return changes.flatMap(({ removed, added, value }, index) => {
    if (removed) return marked("-", red, value);
    if (added) return marked("+", green, value);
    return around(value, index > 0, index < changes.length - 1).map((line) => dim(`  ${shorten(line, 0)}`));
  });
}

/** Of lines that are equal, those next to others. */
function around(lines: readonly string[], isAfterOther: boolean, isBeforeOther: boolean): string[] {
  const head = isAfterOther ? context : 0;
  const tail = isBeforeOther ? context : 0;
  if (lines.length <= head + tail + 1) return [...lines];
  return [...lines.slice(0, head), "…", ...lines.slice(lines.length - tail)];
}

function cut(lines: readonly string[]): string[] {
  if (lines.length <= mostLines) return [...lines];
  return [...lines.slice(0, mostLines), dim(`… and ${lines.length - mostLines} lines more`)];
}

/** The part of a long line that is about the place where something differs. */
function shorten(line: string, place: number): string {
  const start = place + before > longest ? place - before : 0;
  const end = start + longest;
  return `${start > 0 ? "…" : ""}${line.slice(start, end)}${end < line.length ? "…" : ""}`;
}

function commonLength(one: string, other: string): number {
  let length = 0;
  while (length < one.length && one[length] === other[length]) length += 1;
  return length;
}

function indented(lines: readonly string[]): string[] {
  return lines.map((line) => `  ${line}`);
}
