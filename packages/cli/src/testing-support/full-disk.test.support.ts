import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync } from "node:fs";
import process from "node:process";
import { commandEnvironment, commandFile, endWithTests } from "./command-environment.test.support.js";
import { within } from "./guard.test.support.js";

/** Runs the command with a stdout that takes nothing: `/dev/full`, which has to be there. */
export async function runIntoFullDisk(
  args: readonly string[],
): Promise<{ readonly code: number | null; readonly stderr: string }> {
  const full = openSync("/dev/full", "w");
  const child = spawn(process.execPath, [commandFile, ...args], {
    env: commandEnvironment(),
    stdio: ["ignore", full, "pipe"],
  });
  closeSync(full);
  const forget = endWithTests(() => child.kill("SIGKILL"));
  let stderr = "";
  child.stderr?.setEncoding("utf8").on("data", (chunk: string) => {
    stderr += chunk;
  });
  const [code] = (await within(once(child, "close"), () => `the end of the command\n${stderr}`)) as [
    number | null,
  ];
  forget();
  return { code, stderr };
}
