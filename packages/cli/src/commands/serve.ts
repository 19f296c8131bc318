import { type Command, Option } from "commander";
import { addExamples } from "../examples.js";
import { collect, wholeNumber } from "../option-values.js";

/** What commander reads. */
export interface ServeFlags {
  readonly echo?: true;
  readonly broadcast?: true;
  readonly script?: string;
  readonly port: number;
  readonly host: string;
  readonly tls?: true;
  readonly saveCert?: string;
  readonly subprotocol?: readonly string[];
  readonly allowOrigin?: readonly string[];
  /** False with `--no-deflate`. */
  readonly deflate: boolean;
  readonly json?: true;
  readonly quiet?: true;
}

export function addServeCommand(program: Command): void {
  const command = program
    .command("serve")
    .summary("a server for development: echoes, broadcasts, or answers as a script says")
    .description(
      [
        "A server for development. Its first line is its URL; what follows shows connections and messages.",
        "It ends with Ctrl+C, and each client is told (1001).",
      ].join("\n"),
    )
    .optionsGroup("What it answers:")
    .addOption(
      new Option("--echo", "each message comes back to its sender (the default)").conflicts([
        "broadcast",
        "script",
      ]),
    )
    .addOption(new Option("--broadcast", "each message goes to all clients").conflicts("script"))
    .option("--script <file>", "a module that answers: export function message(data) { return … }")
    .optionsGroup("Where it listens:")
    .option("-p, --port <n>", "port; 0 picks a free one", wholeNumber(0, 65_535), 8080)
    .option("--host <address>", "address; 0.0.0.0 lets other machines in", "127.0.0.1")
    .option("--tls", "wss:, with a certificate made on the spot")
    .option("--save-cert <file>", "with --tls: write the certificate, for clients that are to trust it")
    .optionsGroup("Whom it takes:")
    .option("-s, --subprotocol <name>", "a subprotocol it speaks; may be repeated; default: any", collect)
    .option(
      "--allow-origin <origin>",
      "an origin whose pages may connect; may be repeated; default: any",
      collect,
    )
    .option("--no-deflate", "no compression")
    .optionsGroup("What it shows:")
    .addOption(new Option("-j, --json", "one JSON object an event").conflicts("quiet"))
    .option("-q, --quiet", "no more than the URL");
  addExamples(command, {
    "openline serve": "an echo server on ws://127.0.0.1:8080/",
    "openline serve --tls --port 8443": "over TLS",
    "openline serve --script answers.mjs --subprotocol chat.v1": "answers from a module",
  });
  command.action(async (flags: ServeFlags) => {
    const { serve } = await import("../serve/run.js");
    await serve(flags);
  });
}
