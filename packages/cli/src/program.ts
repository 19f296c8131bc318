import { Command } from "commander";
import { addBenchCommand } from "./commands/bench.js";
import { addConnectCommand } from "./commands/connect.js";
import { addInspectCommand } from "./commands/inspect.js";
import { addReplayCommand } from "./commands/replay.js";
import { addServeCommand } from "./commands/serve.js";
import { addWorkbenchCommand } from "./commands/workbench.js";
import { addExamples } from "./examples.js";
import { ownVersion } from "./version.js";

/**
 * The command with its subcommands. What a subcommand does is loaded only when it is called, so that help and version
 * are there at once: a file of `commands/` imports nothing that is slow to load.
 */
export function createProgram(): Command {
  const program = new Command("openline")
    .description("Talk to WebSocket servers, serve, watch, break, record, replay and load them.")
    .version(ownVersion(), "-V, --version", "print the version")
    .helpOption("-h, --help", "print help")
    .configureHelp({ showGlobalOptions: false })
    .enablePositionalOptions();
  addConnectCommand(program);
  addServeCommand(program);
  addInspectCommand(program);
  addWorkbenchCommand(program);
  addReplayCommand(program);
  addBenchCommand(program);
  addExamples(program, {
    "openline connect wss://feed.example/": "talk to a server by hand",
    "openline serve --port 8080": "have one to talk to",
    "openline workbench": "look at the object, the line and the messages in the browser",
    "openline help connect": "what a command takes",
  });
  return program;
}
