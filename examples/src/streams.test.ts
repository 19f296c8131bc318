import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import process from "node:process";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

test("the example of streams sends all, and its writer waits for its reader", () => {
  const example = fileURLToPath(new URL("streams.js", import.meta.url));
  const { status, stdout, stderr } = spawnSync(process.execPath, [example], {
    encoding: "utf8",
    timeout: 60_000,
  });
  assert.equal(stderr, "");
  assert.equal(status, 0);
  const [first, second = ""] = stdout.split("\n");
  assert.equal(first, '64 MiB there and back, closed with 1000 "all there"');
  const ahead = Number(/ahead of the reader by (\d+) MiB/.exec(second)?.[1]);
  assert.ok(ahead > 0 && ahead < 32, stdout);
});
