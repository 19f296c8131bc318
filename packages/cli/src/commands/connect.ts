import type { Command } from "commander";
import { addConnectionOptions, type ConnectionFlags } from "../connection-options.js";
import { addExamples } from "../examples.js";

export function addConnectCommand(program: Command): void {
  const command = program
    .command("connect")
    .description("talk to a server by hand or from a pipe")
    .argument("<url>", "ws: or wss: URL; localhost:8080 and :8080 stand for ws://localhost:8080");
  addConnectionOptions(command);
  addExamples(command, {
    "openline connect wss://feed.example/prices": "talk to it by hand",
    "printf 'a\\nb\\n' | openline connect ws://localhost:8080 --count 2":
      "send two messages, print two answers",
  });
  command.action(async (url: string, flags: ConnectionFlags) => {
    const { connect } = await import("../connect/run.js");
    await connect(url, flags);
  });
}
