import { type Command, Option } from "commander";
import { addConnectionOptions, type ConnectionFlags } from "../connection-options.js";
import { addExamples } from "../examples.js";
import { decimal, seconds, wholeNumber } from "../option-values.js";

/** What commander reads. */
export interface BenchFlags extends ConnectionFlags {
  readonly connections: number;
  readonly rate?: number;
  readonly inFlight?: number;
  readonly message?: string;
  readonly size?: number;
  readonly binary?: true;
  readonly anyReply?: true;
  readonly duration: number;
  readonly workers: number;
  readonly limit: number;
  readonly json?: true;
}

export function addBenchCommand(program: Command): void {
  const command = program
    .command("bench")
    .summary("put load on a server that echoes, and measure it")
    .description(
      [
        "Put load on a server that sends each message back, and measure connections,",
        "messages and bytes a second, and round trips.",
        "Ctrl+C ends it early, with what was measured.",
      ].join("\n"),
    )
    .argument("<url>", "ws: or wss: URL; localhost:8080 and :8080 stand for ws://localhost:8080")
    .option("-c, --connections <n>", "connections to open", wholeNumber(1), 10)
    .option(
      "-r, --rate <n>",
      "messages a second, over all connections; default: as fast as answers come",
      decimal(0),
    )
    .option(
      "-f, --in-flight <n>",
      "messages under way on a connection at most; default 1, with --rate 10000",
      wholeNumber(1),
    )
    .addOption(new Option("-m, --message <text>", "the message to send").conflicts(["size", "binary"]))
    .option(
      "--size <bytes>",
      "the size of the message, made of random letters; default 64",
      wholeNumber(0, 100 * 1024 * 1024),
    )
    .option("--binary", "send random bytes instead")
    .option("--any-reply", "take any message as the reply, not only one that is equal")
    .option("-d, --duration <seconds>", "how long to send", seconds(0.001), 10)
    .option("-w, --workers <n>", "threads to share the work", wholeNumber(1, 256), 1)
    .option(
      "--limit <n>",
      "connections to a host that isn't this machine before it asks",
      wholeNumber(0),
      5000,
    )
    .option("-j, --json", "print the results as JSON");
  addConnectionOptions(command);
  addExamples(command, {
    "openline bench localhost:8080": "10 connections, each sends when its last message is answered",
    "openline bench localhost:8080 --connections 1000 --rate 5000 --workers 2":
      "5,000 messages a second, whether the server keeps up or not",
    "openline bench wss://test.example --size 4096 --duration 60 --json > results.json": "for a script",
  });
  command.action(async (url: string, flags: BenchFlags) => {
    const { bench } = await import("../bench/run.js");
    await bench(url, flags);
  });
}
