import process from "node:process";
import { confirm, isCancel } from "@clack/prompts";
import { FailureError, UsageError } from "../exit.js";
import type { BenchSettings } from "./bench-settings.js";

/**
 * Asks before a load that could be taken for an attack leaves this machine.
 * @throws FailureError if the user doesn't want it; UsageError where nobody is there to be asked.
 */
export async function confirmLoad({ target, connections, limit }: BenchSettings): Promise<void> {
  const { hostname } = new URL(target.url);
  if (connections <= limit || (isLoopback(hostname) && target.options.proxy === undefined)) return;
  if (!process.stdin.isTTY || !process.stderr.isTTY) {
    throw new UsageError(
      `${connections} connections to ${hostname} are more than --limit ${limit}: raise it if the host's owner agrees`,
    );
  }
  const answer = await confirm({
    message: `Open ${connections.toLocaleString("en")} connections to ${hostname}? Its owner should agree.`,
    initialValue: false,
    output: process.stderr,
  });
  if (isCancel(answer) || !answer) throw new FailureError("nothing was sent");
}

/** Whether a URL's host is this machine, whatever its name servers say. */
export function isLoopback(hostname: string): boolean {
  return (
    hostname === "localhost" ||
    hostname.endsWith(".localhost") ||
    /^127(\.\d+){3}$/.test(hostname) ||
    hostname === "[::1]" ||
    /^\[::ffff:7f[0-9a-f]{2}:[0-9a-f]{1,4}\]$/.test(hostname)
  );
}
