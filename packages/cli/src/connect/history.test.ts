import assert from "node:assert/strict";
import { chmodSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, it } from "node:test";
import { temporaryFolder } from "../testing-support/command-environment.test.support.js";
import { History, mayBeKept } from "./history.js";

describe("history", () => {
  it("keeps lines between runs, in a file that only its owner reads", () => {
    const file = join(temporaryFolder(), "state", "openline", "history");
    assert.deepEqual(new History(file).read(), []);
    new History(file).add("one");
    new History(file).add("two");
    assert.deepEqual(new History(file).read(), ["one", "two"]);
    assert.equal(statSync(file).mode & 0o777, 0o600);
    assert.equal(statSync(dirname(file)).mode & 0o777, 0o700);
  });

  it("closes a file that others could read", () => {
    const file = join(temporaryFolder(), "history");
    writeFileSync(file, "old\n");
    chmodSync(file, 0o644);
    new History(file).add("new");
    assert.equal(statSync(file).mode & 0o777, 0o600);
    assert.deepEqual(new History(file).read(), ["old", "new"]);
  });

  it("keeps nothing that may be a credential, and nothing behind a space", () => {
    for (const line of [
      "",
      " private",
      '{"token":"abc"}',
      "login me Passw0rd",
      "Authorization: Basic abc",
      '{"apiKey":1}',
      "eyJhbGciOiJIUzI1NiJ9.e30.x",
      "AUTH x",
      "use 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b",
    ]) {
      assert.equal(mayBeKept(line), false, line);
    }
    for (const line of [
      "hello",
      "/ping",
      '{"subscribe":"prices","depth":5}',
      "/binary 00 ff",
      "안녕하세요",
    ]) {
      assert.equal(mayBeKept(line), true, line);
    }
  });

  it("is cut once it is long", () => {
    const file = join(temporaryFolder(), "history");
    const lines = Array.from({ length: 2001 }, (_, index) => `line ${index}`);
    writeFileSync(file, `${lines.join("\n")}\n`);
    assert.deepEqual(new History(file).read(), lines.slice(-1000));
    assert.equal(readFileSync(file, "utf8"), `${lines.slice(-1000).join("\n")}\n`);
  });

  it("is none where it can't be written or read", () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, "file"), "");
    const history = new History(join(folder, "file", "history"));
    history.add("one");
    assert.deepEqual(history.read(), []);
  });
});
