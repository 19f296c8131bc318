import type { Command } from "commander";
import { addTargetOptions, type ConnectionFlags } from "../connection-options.js";
import { addExamples } from "../examples.js";
import { wholeNumber } from "../option-values.js";

/** What commander reads. */
export interface InspectFlags extends Omit<ConnectionFlags, "deflate"> {
  readonly port: number;
  readonly pagePort: number;
  readonly record?: string;
  readonly json?: true;
  /** False with `--no-open`. */
  readonly open: boolean;
  /** False with `--no-page`. */
  readonly page: boolean;
}

export function addInspectCommand(program: Command): void {
  const command = program
    .command("inspect")
    .summary("a proxy in front of a server, to watch, break and record what an application does")
    .description(
      [
        "A proxy in front of a server, with a page to watch what passes and to break the line.",
        "Its first line is the address for the application, its second the page's, which is a secret.",
        "What passes is unchanged, but for the Host header. It ends with Ctrl+C.",
      ].join("\n"),
    )
    .argument("<url>", "the server: ws: or wss: URL; localhost:8080 and :8080 stand for ws://localhost:8080")
    .option("-p, --port <n>", "the application's port; 0 picks a free one", wholeNumber(0, 65_535), 0)
    .option("--page-port <n>", "the page's port; 0 picks a free one", wholeNumber(0, 65_535), 0)
    .option("--record <file>", "write all that has passed to a HAR file, at the end")
    .option("-j, --json", "write each event as a line of JSON")
    .option("--no-open", "don't open the browser")
    .option("--no-page", "no page");
  addTargetOptions(command);
  addExamples(command, {
    "openline inspect wss://feed.example/prices":
      "then point the application at the address on the first line",
    "openline inspect :8080 --port 9090 --record session.har": "on a known port, and keep what passes",
    "openline inspect :8080 --no-page --json | jq .data": "every frame, for a script",
  });
  command.action(async (url: string, flags: InspectFlags) => {
    const { inspect } = await import("../inspect/run.js");
    await inspect(url, flags);
  });
}
