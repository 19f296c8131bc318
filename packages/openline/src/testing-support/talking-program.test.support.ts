import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import type { TestContext } from "node:test";
import { within } from "./guard.test.support.js";

/** A program of its own whose lines are read while it runs. */
export interface TalkingProgram {
  /** The next line that it prints. */
  nextLine(): Promise<string>;
}

/** Runs `source` with `args` as `process.argv.slice(1)`, for the time of the test at most. */
export function startProgram(t: TestContext, source: string, ...args: readonly string[]): TalkingProgram {
  const child = spawn(process.execPath, ["--input-type=module", "--eval", source, ...args], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  t.after(() => child.kill("SIGKILL"));
  let errors = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    errors += text;
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    async nextLine() {
      const { value, done } = await within(lines.next(), "a line of the program", 60_000);
      if (done !== true) return value;
      if (child.exitCode === null) await once(child, "close");
      throw new Error(`the program ended (${child.exitCode}): ${errors}`);
    },
  };
}
