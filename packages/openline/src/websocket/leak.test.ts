import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const churn = fileURLToPath(new URL("../testing-support/connection-churn.test.support.js", import.meta.url));
const total = 10_000;

test("10,000 connections opened and closed leave no handle and no memory behind", async () => {
  const { stdout } = await promisify(execFile)(process.execPath, ["--expose-gc", churn, String(total)], {
    timeout: 180_000,
  });
  const { before, after, closedConnections, clients } = JSON.parse(stdout);
  assert.equal(closedConnections, total);
  assert.equal(clients, 0);
  assert.deepEqual(after.resources, before.resources);
  // 9,000 connections lie between the two: one that kept as little as 1 KiB would show nine-fold.
  const allowance = 1 << 20;
  assert.ok(after.heap - before.heap < allowance, `heap grew from ${before.heap} to ${after.heap} bytes`);
  assert.ok(
    after.external - before.external < allowance,
    `buffers grew from ${before.external} to ${after.external} bytes`,
  );
});
