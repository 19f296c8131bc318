import process from "node:process";
import { readConnectionTarget } from "../connection-target.js";
import type { ConnectFlags } from "./settings.js";

/** `openline connect` */
export async function connect(url: string, flags: ConnectFlags): Promise<void> {
  const target = await readConnectionTarget(url, flags);
  const isTyped = process.stdin.isTTY && process.stdout.isTTY && !flags.json && !flags.binary;
  if (isTyped) {
    const { talkOnTerminal } = await import("./terminal-talk.js");
    await talkOnTerminal(target, flags);
  } else {
    const { talkThroughPipes } = await import("./pipe.js");
    await talkThroughPipes(target, flags);
  }
}
