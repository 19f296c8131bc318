import type { Command } from "commander";
import { addExamples } from "../examples.js";
import type { WorkbenchFlags } from "../workbench/run.js";

export function addWorkbenchCommand(program: Command): void {
  const command = program
    .command("workbench")
    .description(
      "look at connections in the browser: a page with a server to play with, on this machine alone",
    )
    .option("-p, --port <number>", "the page's port on 127.0.0.1; 0 picks a free one", "0")
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
