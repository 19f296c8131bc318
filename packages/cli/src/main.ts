import process from "node:process";
import { type Command, CommanderError } from "commander";
import { watchOutput } from "./closed-output.js";
import { exitCode, FailureError, UsageError } from "./exit.js";
import { createProgram } from "./program.js";

watchOutput();
const program = overridden(createProgram());
try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = report(error);
}

/** Commander would end the process itself, with 1 for wrong use. */
function overridden(program: Command): Command {
  for (const command of [program, ...program.commands]) {
    command.exitOverride().configureOutput({ outputError: () => {}, writeErr: () => {} });
  }
  return program;
}

function report(error: unknown): number {
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return exitCode.clean;
    if (error.code === "commander.help") {
      const names = program.commands.map((command) => command.name()).join(", ");
      return say(`expected a command: ${names}; openline --help says more`, exitCode.misused);
    }
    return say(error.message.replace(/^error: /, ""), exitCode.misused);
  }
  if (error instanceof UsageError) return say(error.message, exitCode.misused);
  if (error instanceof FailureError) return say(error.message, exitCode.failed);
  throw error;
}

function say(message: string, code: number): number {
  process.stderr.write(`openline: ${message.replace(/\s*\n\s*/g, " ")}\n`);
  return code;
}
