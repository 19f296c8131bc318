import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import process from "node:process";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const tour = fileURLToPath(new URL("tour.js", import.meta.url));
/** npx looks for the command from there up. */
const cwd = fileURLToPath(new URL(".", import.meta.url));

function run(env: Record<string, string> = {}): { status: number | null; stdout: string; stderr: string } {
  const { FORCE_COLOR: _, ...inherited } = process.env;
  return spawnSync(process.execPath, [tour], {
    encoding: "utf8",
    env: { ...inherited, ...env },
    timeout: 60_000,
  });
}

test("the tour ends by itself with 0 and nothing on standard error", () => {
  const { status, stdout, stderr } = run();
  assert.equal(stderr, "");
  assert.equal(status, 0);
  assert.match(stdout, /\d+ values looked at, all as the standard has them\.\n/);
});

test("the tour's last line says how to open the workbench", () => {
  const [, last = ""] = /\n(.+)\n$/.exec(run().stdout) ?? [];
  const [, name = ""] = /npx openline (\w+)$/.exec(last) ?? [];
  const { status, stdout } = spawnSync("npx", ["--no", "openline", name, "--help"], {
    cwd,
    encoding: "utf8",
  });
  assert.deepEqual([name, status], ["workbench", 0]);
  assert.match(stdout, /^Usage: openline workbench/);
});

test("the tour shows each event with its properties, and each state", () => {
  const { stdout } = run();
  for (const expected of [
    /open event \(Event\)/,
    /message event \(MessageEvent\)/,
    /error event \(Event\)/,
    /close event \(CloseEvent\)/,
    /isTrusted +true/,
    /bubbles +false/,
    /cancelBubble +false/,
    /timeStamp +[\d.]+ ms/,
    /type +"open"/,
    /0 {2}CONNECTING/,
    /1 {2}OPEN/,
    /2 {2}CLOSING/,
    /3 {2}CLOSED/,
    /InvalidStateError/,
    /"ECONNREFUSED"/,
    /code +1006/,
    /code +4001/,
  ]) {
    assert.match(stdout, expected);
  }
});

test("the tour writes no colours and no long lines into a pipe", () => {
  const { stdout } = run();
  assert.equal(stdout.includes("\u001b"), false);
  for (const line of stdout.split("\n")) assert.ok(line.length <= 100, line);
});
