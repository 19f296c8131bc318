import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { after, before, describe, it } from "node:test";
import { problemWithFile, writePrivateFile } from "./private-file.js";

let folder: string;

describe("writePrivateFile", () => {
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "openline-test-"));
  });
  after(() => rmSync(folder, { recursive: true }));

  it("writes a file that only its owner reads, in place of an older one", async () => {
    const path = join(folder, "new.har");
    writeFileSync(path, "old", { mode: 0o644 });
    await writePrivateFile(path, ["one", "two"]);
    assert.equal(readFileSync(path, "utf8"), "onetwo");
    if (process.platform !== "win32") assert.equal(statSync(path).mode & 0o777, 0o600);
    assert.deepEqual(readdirSync(folder), ["new.har"]);
  });

  it("leaves the older one, and nothing else, where it fails", async () => {
    const path = join(folder, "kept.har");
    writeFileSync(path, "old");
    const files = readdirSync(folder);
    const pieces = (function* () {
      yield "half";
      throw new Error("broken off");
    })();
    await assert.rejects(writePrivateFile(path, pieces), /broken off/);
    assert.equal(readFileSync(path, "utf8"), "old");
    assert.deepEqual(readdirSync(folder), files);
  });

  it("says beforehand where it can't", () => {
    assert.equal(problemWithFile(join(folder, "x.har")), undefined);
    assert.match(problemWithFile(join(folder, "no", "x.har")) ?? "", /no folder/);
    assert.match(problemWithFile(folder) ?? "", /is a folder/);
    mkdirSync(join(folder, "sub"));
    writeFileSync(join(folder, "sub", "file"), "");
    assert.match(problemWithFile(join(folder, "sub", "file", "x.har")) ?? "", /no folder/);
    if (process.platform !== "win32") assert.match(problemWithFile("/dev/null") ?? "", /no ordinary file/);
  });
});
