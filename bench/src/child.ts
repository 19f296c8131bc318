import { writeSync } from "node:fs";
import process from "node:process";
import type { ChildMessage } from "./worker-protocol.js";

/** Written at once: a process that ends right after has still said it. */
export function report(message: ChildMessage): void {
  writeSync(1, `${JSON.stringify(message)}\n`);
}

/** Says something to the other process of the run. */
export function tell(text: string): void {
  report({ type: "tell", text });
}

/** Calls back with each line that the other process told us. */
export function onTold(listener: (text: string) => void): void {
  let rest = "";
  process.stdin.setEncoding("utf8");
  process.stdin.on("data", (chunk: string) => {
    const lines = (rest + chunk).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) listener(line);
  });
}

/** Thrown where a competitor can't do a workload at all. */
export class Unsupported extends Error {}

export function reportFailure(error: unknown): void {
  if (error instanceof Unsupported) report({ type: "unsupported", reason: error.message });
  else report({ type: "failed", reason: error instanceof Error ? error.message : String(error) });
}

/** Runs the main function of a child process; whatever goes wrong in it becomes the run's result. */
export function runChild(main: () => Promise<void>): void {
  process.on("uncaughtException", (error) => {
    reportFailure(error);
    process.exit(1);
  });
  main().catch((error: unknown) => {
    reportFailure(error);
    process.exit(1);
  });
}
