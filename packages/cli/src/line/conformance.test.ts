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

/** Runs a file of tests through lines. @returns how many have passed. */
async function passedThroughLines(path: string): Promise<number> {
  const args = ["--test-reporter", "tap", fileURLToPath(new URL(path, conformance))];
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
  return Number(/^# pass (\d+)$/m.exec(report)?.[1]);
}

describe("conformance through a line of inspect", { concurrency: true, timeout: 600_000 }, () => {
  for (const role of ["client", "server"]) {
    it(`gives the same results with the object as ${role}; the line sees each end as the client does`, async () => {
      const { catalogue } = (await import(new URL("catalogue/index.js", conformance).href)) as {
        catalogue: readonly CatalogueCase[];
      };
      const expected = catalogue.filter(({ roles }) => roles === undefined || roles.includes(role)).length;
      assert.equal(await passedThroughLines(`${role}.test.js`), expected);
    });
  }

  it("gives the same results for whatever a server may answer to the opening handshake", async () => {
    const { serverResponses } = (await import(new URL("opening/server-responses.js", conformance).href)) as {
      serverResponses: readonly unknown[];
    };
    assert.ok((await passedThroughLines("opening/client-handshake.test.js")) > serverResponses.length);
  });
});
