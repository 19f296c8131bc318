import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join, relative, sep } from "node:path";
import process from "node:process";
import { createInterface } from "node:readline";
import { root } from "./test-parts.mjs";

/** A part that takes longer than this hangs. */
const longest = 10 * 60_000;

/**
 * What running a part has come to. What fails outside of a case, such as a file that can't be loaded, counts as one.
 * @typedef {{ passed: number, failed: number, skipped: number, seconds: number }} Outcome
 */

/**
 * Runs one part's files with Node's own test runner, in a process of its own, and prints what fails as it fails.
 * @param {import("./test-parts.mjs").Part} part
 * @param {string} node the Node.js to run it with
 * @returns {Promise<Outcome>}
 */
export async function runPart(part, node = process.execPath) {
  const start = performance.now();
  const outcome = { passed: 0, failed: 0, skipped: 0, seconds: 0 };
  const files = part.files();
  const missing = files.filter((file) => !existsSync(file));
  for (const file of missing) fail(outcome, `${relative(root, file)} is not built: npm run build`);
  if (files.length === 0) fail(outcome, `The part ${part.name} has no test file`);
  else if (missing.length === 0) await runFiles(files, node, outcome);
  if (outcome.passed + outcome.failed === 0) fail(outcome, `The part ${part.name} ran no case`);
  outcome.seconds = (performance.now() - start) / 1000;
  return outcome;
}

async function runFiles(files, node, outcome) {
  const reporter = join(root, "scripts", "case-reporter.mjs");
  const child = spawn(
    node,
    [
      "--enable-source-maps",
      "--test",
      // By itself Node leaves one core to others. The tests wait for each other's processes more than they compute.
      `--test-concurrency=${availableParallelism()}`,
      `--test-reporter=${reporter}`,
      "--test-reporter-destination=stdout",
      ...files,
    ],
    {
      cwd: root,
      // Inside a test file, Node's runner would take this for a part of its own and run nothing.
      env: { ...process.env, NODE_TEST_CONTEXT: undefined },
      stdio: ["ignore", "pipe", "inherit"],
      detached: true,
    },
  );
  const ended = new Promise((resolve) => child.once("close", (code, signal) => resolve(code ?? signal)));
  const stop = () => process.kill(-child.pid, "SIGKILL");
  const guard = setTimeout(() => {
    fail(outcome, `The files had not ended after ${longest / 60_000} minutes, and were stopped`);
    stop();
  }, longest);
  const onSignal = () => {
    stop();
    process.exit(130);
  };
  process.once("SIGINT", onSignal);
  process.once("SIGTERM", onSignal);
  /** What the files have written themselves, by file: shown with a failure only. */
  const output = new Map();
  for await (const text of createInterface({ input: child.stdout })) {
    const record = JSON.parse(text);
    if (record.type === "output") output.set(record.file, (output.get(record.file) ?? "") + record.text);
    else count(record, outcome, output);
  }
  const code = await ended;
  clearTimeout(guard);
  process.off("SIGINT", onSignal);
  process.off("SIGTERM", onSignal);
  if (code !== 0 && outcome.failed === 0) fail(outcome, `node --test ended with ${code}`);
}

function count(record, outcome, output) {
  outcome[record.outcome]++;
  if (record.outcome === "passed") return;
  const name = record.name ?? "the file itself";
  if (record.outcome === "skipped") {
    print(`  skipped: ${name} (${record.reason ?? "no reason given"})`);
    return;
  }
  print(`  FAILED: ${name}`);
  print(`    ${sourceOf(record.file)}`);
  if (record.error !== undefined) print(indented(withoutNode(record.error)));
  const written = output.get(record.file);
  if (written !== undefined) {
    print("    what the file wrote:");
    print(indented(written.trimEnd()));
    output.delete(record.file);
  }
}

/** The source of a built file. */
function sourceOf(file) {
  return relative(root, file).replace(`${sep}dist${sep}`, `${sep}src${sep}`).replace(/\.js$/, ".ts");
}

/** Lines of a stack that are inside of Node.js say nothing about the case. */
function withoutNode(error) {
  return error
    .split("\n")
    .filter((line) => !/^\s+at .*\(?node:internal\//.test(line) && !/^\s+at new (Safe)?Promise /.test(line))
    .join("\n");
}

function fail(outcome, message) {
  outcome.failed++;
  print(`  FAILED: ${message}`);
}

function indented(text) {
  return text.replace(/^/gm, "    ");
}

function print(text) {
  process.stdout.write(`${text}\n`);
}

/** One line a part: name, counts, time. */
export function outcomeLine(name, { passed, failed, skipped, seconds }) {
  const counts = [
    `${passed} passed`.padStart(13),
    `${failed} failed`.padStart(10),
    `${skipped} skipped`.padStart(11),
  ];
  return `${name.padEnd(24)}${counts.join("")}${`${seconds.toFixed(1)} s`.padStart(10)}`;
}

/** The counts of all parts, alone on a line: the last one of a run. */
export function summaryLine(outcomes) {
  const sum = (key) => outcomes.reduce((total, outcome) => total + outcome[key], 0);
  const skipped = sum("skipped");
  return `${sum("passed")} passed, ${sum("failed")} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`;
}
