import { readFileSync } from "node:fs";
import { Command } from "commander";
import { addConnectCommand } from "./commands/connect.js";

/** The command with its subcommands. What a subcommand does is loaded only when it is called. */
export function createProgram(): Command {
  const program = new Command("openline")
    .description("Talk to WebSocket servers, serve, watch, break, record, replay and load them.")
    .version(ownVersion(), "-V, --version", "print the version")
    .helpOption("-h, --help", "print help")
    .showHelpAfterError(false)
    .showSuggestionAfterError(true)
    .enablePositionalOptions();
  addConnectCommand(program);
  return program;
}

function ownVersion(): string {
  const { version } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as {
    version: string;
  };
  return version;
}
