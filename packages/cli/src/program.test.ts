import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { createProgram } from "./program.js";
import { runCommand } from "./testing-support/command.test.support.js";
import { temporaryFolder } from "./testing-support/command-environment.test.support.js";

describe("openline", () => {
  it("prints its version", async () => {
    const { version } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as {
      version: string;
    };
    assert.deepEqual(await runCommand(["--version"]), {
      code: 0,
      signal: null,
      stdout: `${version}\n`,
      stderr: "",
    });
  });

  it("is quick to say it: nothing is loaded that it doesn't need", async () => {
    const folder = temporaryFolder();
    // The coverage names each module that was loaded.
    await runCommand(["--version"], { env: { NODE_V8_COVERAGE: folder } });
    const loaded = readdirSync(folder).flatMap((name) => {
      const { result } = JSON.parse(readFileSync(join(folder, name), "utf8")) as {
        result: { url: string }[];
      };
      return result.map(({ url }) => url);
    });
    const files = loaded.filter((url) => url.startsWith("file:"));
    assert.ok(files.some((url) => url.endsWith("/dist/program.js")));
    const own = /\/dist\/(commands\/)?[^/]+\.js$/;
    const foreign = files.filter(
      (url) =>
        !own.test(url) && !url.endsWith("/bin/openline.js") && !url.includes("/node_modules/commander/"),
    );
    assert.deepEqual(foreign, []);
    assert.equal(loaded.includes("node:http"), false);
  });

  for (const { args, said } of [
    { args: [], said: /^openline: expected a command: .*connect/ },
    { args: ["conect"], said: /^openline: unknown command 'conect' \(Did you mean connect\?\)\n$/ },
    { args: ["--verison"], said: /^openline: unknown option '--verison' \(Did you mean --version\?\)\n$/ },
    { args: ["connect"], said: /^openline: missing required argument 'url'\n$/ },
    { args: ["connect", "ws://localhost", "--hedaer", "a: b"], said: /unknown option '--hedaer'/ },
    { args: ["connect", "ws://localhost", "--header"], said: /'-H, --header <line>' argument missing\n$/ },
    { args: ["connect", "ws://localhost", "more"], said: /too many arguments/ },
  ]) {
    it(`ends with 2 and one line: openline ${args.join(" ")}`, async () => {
      const { code, stdout, stderr } = await runCommand(args);
      assert.equal(code, 2);
      assert.equal(stdout, "");
      assert.match(stderr, said);
      assert.equal(stderr.split("\n").length, 2, stderr);
    });
  }

  it("has a help with examples for each command", () => {
    const program = createProgram();
    for (const command of program.commands) {
      let help = "";
      command.configureOutput({ writeOut: (text) => (help += text) }).outputHelp();
      assert.match(help, /\nExamples:\n {2}\$ openline /, command.name());
      assert.match(help, new RegExp(`\\$ openline ${command.name()} `));
    }
  });
});
