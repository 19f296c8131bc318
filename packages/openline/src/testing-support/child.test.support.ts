import { spawn } from "node:child_process";
import { within } from "./guard.test.support.js";

export interface ChildResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const entry = JSON.stringify(new URL("../index.js", import.meta.url).href);
const serverEntry = JSON.stringify(new URL("../server/index.js", import.meta.url).href);

/**
 * Runs `source` as a program of its own, with `WebSocket`, `WebSocketServer` and `url` (the first of `args`) in scope:
 * for what a test runner's process can't show, such as uncaught exceptions and when a process ends.
 */
export async function runProgram(source: string, ...args: readonly string[]): Promise<ChildResult> {
  const program = [
    `import { WebSocket } from ${entry};`,
    `import { WebSocketServer } from ${serverEntry};`,
    "const [url] = process.argv.slice(1);",
    source,
  ].join("\n");
  const child = spawn(process.execPath, ["--input-type=module", "--eval", program, ...args], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  const output = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const) {
    child[name].setEncoding("utf8").on("data", (chunk: string) => {
      output[name] += chunk;
    });
  }
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  try {
    const code = await within(ended, "the end of the program");
    return { code, ...output };
  } catch (error) {
    child.kill("SIGKILL");
    throw new Error(`${String(error)}\nstdout: ${output.stdout}\nstderr: ${output.stderr}`);
  }
}
