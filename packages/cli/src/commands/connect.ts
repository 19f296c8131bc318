import type { Command } from "commander";
import type { ConnectFlags } from "../connect/settings.js";
import { addConnectionOptions } from "../connection-options.js";
import { addExamples } from "../examples.js";
import { seconds, wholeNumber } from "../option-values.js";

export function addConnectCommand(program: Command): void {
  const command = program
    .command("connect")
    .summary("talk to a server by hand or from a pipe")
    .description(
      [
        "Talk to a server. On a terminal: what you type is sent, /help tells the commands.",
        "In a pipe: a line of stdin is a message, and a message is a line of stdout.",
      ].join("\n"),
    )
    .argument("<url>", "ws: or wss: URL; localhost:8080 and :8080 stand for ws://localhost:8080")
    .option("-c, --count <n>", "end after so many messages", wholeNumber(1))
    .option(
      "-w, --wait <seconds>",
      'how long the server is silent after the end of stdin before it ends, or "forever" (default: 1, or "forever" with --count)',
      seconds(0, { forever: true }),
    )
    .option("-t, --timeout <seconds>", "give up if it isn't done by then", seconds(0.001))
    .option("-b, --binary", "lines of stdin are hex digits, and are sent as binary messages")
    .option("-j, --json", "write each event as a line of JSON")
    .option("-r, --reconnect", "connect again whenever the connection ends")
    .option("--record <file>", "write what has passed to a HAR file");
  addConnectionOptions(command);
  addExamples(command, {
    "openline connect wss://feed.example/prices": "talk to it by hand",
    "openline connect :8080 --header @token.txt": "with a header that stands in a file",
    "printf 'a\\nb\\n' | openline connect :8080 --count 2": "send two messages, print two answers",
    "openline connect wss://feed.example/ --wait forever < /dev/null > log.txt":
      "listen until the server closes",
    "openline connect wss://feed.example/ --json < /dev/null | jq .data": "every event, for a script",
  });
  command.action(async (url: string, flags: ConnectFlags) => {
    const { connect } = await import("../connect/run.js");
    await connect(url, flags);
  });
}
