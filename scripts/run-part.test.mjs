import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { after, test } from "node:test";
import { runPart, summaryLine } from "./run-part.mjs";
import { parts, root } from "./test-parts.mjs";

const folder = mkdtempSync(join(tmpdir(), "openline-scripts-"));
after(() => rmSync(folder, { recursive: true }));

async function countsOf(sources) {
  const files = sources.map((source, index) => {
    const file = join(folder, `case-${index}.test.mjs`);
    writeFileSync(file, source);
    return file;
  });
  const { passed, failed, skipped } = await runPart({ name: "example", files: () => files });
  return { passed, failed, skipped };
}

test("counts cases, and neither groups nor files", async () => {
  const source = `
    import { describe, test } from "node:test";
    test("alone", () => {});
    test("later", { skip: "a reason" }, () => {});
    describe("group", () => {
      test("good", () => {});
      test("bad", () => { throw new Error("as expected"); });
    });`;
  assert.deepEqual(await countsOf([source]), { passed: 2, failed: 1, skipped: 1 });
});

test("adds the counts of several files up", async () => {
  const source = 'import { test } from "node:test"; test("one", () => {}); test("two", () => {});';
  assert.deepEqual(await countsOf([source, source]), { passed: 4, failed: 0, skipped: 0 });
});

test("counts a file that can't be loaded as a failure", async () => {
  assert.deepEqual(await countsOf(['throw new Error("as expected")']), { passed: 0, failed: 1, skipped: 0 });
});

test("counts an exception after the cases as a failure", async () => {
  const source = `
    import { test } from "node:test";
    test("good", () => { setImmediate(() => setImmediate(() => process.exit(3))); });`;
  const { failed } = await countsOf([source]);
  assert.equal(failed, 1);
});

test("fails a part without files, without cases, and with a file that is not built", async () => {
  assert.equal((await countsOf([])).failed > 0, true);
  assert.deepEqual(await countsOf(["export {};"]), { passed: 0, failed: 1, skipped: 0 });
  const part = { name: "example", files: () => [join(folder, "missing.test.js")] };
  assert.equal((await runPart(part)).failed, 1);
});

test("sums up on one line", () => {
  const outcome = { passed: 2, failed: 1, skipped: 0, seconds: 1 };
  assert.equal(summaryLine([outcome, outcome]), "4 passed, 2 failed");
  assert.equal(summaryLine([{ ...outcome, skipped: 3 }]), "2 passed, 1 failed, 3 skipped");
});

for (const [script, args] of [
  ["test.mjs", ["--only", "nothing"]],
  ["test.mjs", ["--unknown"]],
  ["test-matrix.mjs", ["--node", "12"]],
]) {
  test(`${script} ${args.join(" ")} ends with 2 and says what there is`, () => {
    const { status, stderr } = spawnSync(process.execPath, [join(root, "scripts", script), ...args], {
      encoding: "utf8",
    });
    assert.equal(status, 2);
    assert.match(stderr, /Usage: npm (test|run test:matrix)/);
    assert.match(stderr, /library/);
  });
}

test("every part has tests, each in one part only", () => {
  const all = parts.flatMap((part) => part.files());
  assert.equal(new Set(all).size, all.length);
  for (const part of parts) assert.notEqual(part.files().length, 0, part.name);
});
