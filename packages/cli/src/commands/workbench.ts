import type { Command } from "commander";
import { addExamples } from "../examples.js";
import { wholeNumber } from "../option-values.js";
import type { WorkbenchFlags } from "../workbench/run.js";

export function addWorkbenchCommand(program: Command): void {
  const command = program
    .command("workbench")
    .summary("a page to look at connections, with a server to play with")
    .description(
      [
        "A page on which a WebSocket can be watched at work, with a server to play with, on this machine alone.",
        "Its first line is the page's address, which is a secret. It ends with Ctrl+C.",
      ].join("\n"),
    )
    .option("-p, --port <n>", "the page's port; 0 picks a free one", wholeNumber(0, 65_535), 0)
    .option("--no-open", "don't open the browser: the URL is the first line of the output");
  addExamples(command, {
    "openline workbench": "open the page",
    "openline workbench --port 8090 --no-open": "for a browser that is opened by hand",
  });
  command.action(async (flags: WorkbenchFlags) => {
    const { runWorkbench } = await import("../workbench/run.js");
    await runWorkbench(flags);
  });
}
