import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import process from "node:process";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { commandEnvironment } from "../testing-support/command-environment.test.support.js";

const conformance = new URL("../../../../conformance/dist/", import.meta.url);
const lineModule = new URL("conformance-line.test.support.js", import.meta.url).href;

interface CatalogueCase {
  readonly roles?: readonly string[];
}

describe("the conformance catalogue through a line of inspect", {
  concurrency: true,
  timeout: 300_000,
}, () => {
  for (const role of ["client", "server"]) {
    it(`gives the same results with the object as ${role}, and the line sees each end as the client does`, async () => {
      const { catalogue } = (await import(new URL("catalogue/index.js", conformance).href)) as {
        catalogue: readonly CatalogueCase[];
      };
      const expected = catalogue.filter(({ roles }) => roles === undefined || roles.includes(role)).length;
      const file = fileURLToPath(new URL(`${role}.test.js`, conformance));
      const args = ["--test-reporter", "tap", file];
      const child = spawn(process.execPath, args, {
        env: commandEnvironment({ CONFORMANCE_LINE: lineModule }),
        stdio: ["ignore", "pipe", "inherit"],
      });
      let report = "";
      child.stdout.setEncoding("utf8").on("data", (text: string) => {
        report += text;
      });
      const [code] = await once(child, "close");
      const failures = report.split("\n").filter((line) => /^\s*not ok|^\s+error:/.test(line));
      assert.deepEqual(failures.slice(0, 20), []);
      assert.equal(code, 0);
      assert.equal(Number(/^# pass (\d+)$/m.exec(report)?.[1]), expected);
    });
  }
});
