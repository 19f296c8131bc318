import type { Command } from "commander";

export function addConnectCommand(program: Command): void {
  program
    .command("connect")
    .description("talk to a server by hand or from a pipe")
    .argument("<url>", "ws: or wss: URL")
    .action(async (_url: string) => {});
}
