import process from "node:process";
import { CommanderError } from "commander";
import { exitCode, FailureError, UsageError } from "./exit.js";
import { createProgram } from "./program.js";

// A reader that has seen enough (`| head`) is no failure.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit();
  throw error;
});

try {
  await overridden(createProgram()).parseAsync();
} catch (error) {
  process.exitCode = report(error);
}

/** Commander would end the process itself, with 1 for wrong use. */
function overridden(program: ReturnType<typeof createProgram>) {
  for (const command of [program, ...program.commands]) {
    command.exitOverride().configureOutput({ outputError: () => {} });
  }
  return program;
}

function report(error: unknown): number {
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return exitCode.clean;
    return say(error.message.replace(/^error: /, ""), exitCode.misused);
  }
  if (error instanceof UsageError) return say(error.message, exitCode.misused);
  if (error instanceof FailureError) return say(error.message, exitCode.failed);
  throw error;
}

function say(message: string, code: number): number {
  process.stderr.write(`openline: ${message.replaceAll("\n", " ")}\n`);
  return code;
}
