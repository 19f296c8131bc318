import type { Command } from "commander";

/** Ends a command's help with examples: what to type, and what it does. */
export function addExamples(command: Command, examples: Readonly<Record<string, string>>): void {
  const lines = Object.entries(examples).flatMap(([line, what]) => [`  $ ${line}`, `      ${what}`]);
  command.addHelpText("after", ["", "Examples:", ...lines].join("\n"));
}
