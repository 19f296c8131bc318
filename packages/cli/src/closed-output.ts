import process from "node:process";
import { exitCode } from "./exit.js";

/** @param problem what is wrong; undefined if whoever reads stdout has seen enough (`| head`), which is no failure. */
type WhenClosed = (problem: Error | undefined) => void;

/** Where nothing is to be put in order, the process just ends. */
let whenClosed: WhenClosed = (problem) => {
  if (problem !== undefined) process.stderr.write(`openline: stdout: ${problem.message}\n`);
  process.exit(problem === undefined ? exitCode.clean : exitCode.failed);
};

/** Looks after stdout from now on. */
export function watchOutput(): void {
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    // EIO: the terminal is gone.
    whenClosed(error.code === "EPIPE" || error.code === "EIO" ? undefined : error);
  });
  // What is said last may have no reader, either.
  process.stderr.on("error", () => {});
}

/** What is done, in place of ending the process, once stdout can't be written to any more. */
export function onOutputClosed(callback: WhenClosed): void {
  whenClosed = callback;
}

/** For commands whose exit code is a result, too: they go on, and no more than a problem changes it. */
export function goOnWithoutOutput(): void {
  onOutputClosed((problem) => {
    if (problem === undefined) return;
    process.stderr.write(`openline: stdout: ${problem.message}\n`);
    process.exitCode = exitCode.failed;
  });
}
