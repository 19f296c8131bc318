import { type Command, Option } from "commander";
import { addConnectionOptions, type ConnectionFlags } from "../connection-options.js";
import { addExamples } from "../examples.js";
import { collect, seconds, speed, wholeNumber } from "../option-values.js";

/** What commander reads. */
export interface ReplayFlags extends ConnectionFlags {
  readonly against?: string;
  readonly port?: number;
  readonly host?: string;
  readonly entry?: string;
  readonly list?: true;
  /** Infinity for "max". */
  readonly speed: number;
  readonly step?: true;
  readonly ignore?: readonly string[];
  /** Seconds. */
  readonly wait: number;
  readonly json?: true;
}

export function addReplayCommand(program: Command): void {
  const command = program
    .command("replay")
    .summary("play one side of a recording, and compare what the other side says")
    .description(
      [
        "Play a recording's server to a client, or with --against its client to a server,",
        "and compare what comes with what came then. Ends with 0 if it is the same,",
        "with 1 if it differs.",
      ].join("\n"),
    )
    .argument("<file>", "HAR file, of openline or of a browser's developer tools")
    .option("--against <url>", "play the client's side to this server")
    .addOption(
      new Option("-p, --port <n>", "port to wait for the client on; 0 picks a free one (default: 8080)")
        .argParser(wholeNumber(0, 65_535))
        .conflicts("against"),
    )
    .addOption(new Option("--host <address>", "address to wait on (default: 127.0.0.1)").conflicts("against"))
    .option("-e, --entry <which>", "which connection of the file: its number, or a part of its URL")
    .option("-l, --list", "list the connections of the file")
    .option("--speed <factor>", "so many times as fast as recorded; or max: without any pause", speed, 1)
    .addOption(
      new Option(
        "--step",
        "no pauses: each message waits for those of the other side that came before it",
      ).conflicts("speed"),
    )
    .option("-i, --ignore <regex>", "what matches in a text may differ; may be repeated", collect)
    .option("-w, --wait <seconds>", "how long to wait for a message that doesn't come", seconds(0.001), 5)
    .option("-j, --json", "write what happens as lines of JSON");
  addConnectionOptions(command);
  addExamples(command, {
    "openline replay session.har": "be the server of the recording for the next client",
    "openline replay session.har --against localhost:8080 --step": "does the server still answer the same?",
    "openline replay session.har --against :8080 --step --ignore '\"id\":\\d+'": "whatever its ids are",
  });
  command.action(async (file: string, flags: ReplayFlags) => {
    const { replay } = await import("../replay/run.js");
    await replay(file, flags);
  });
}
