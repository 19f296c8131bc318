import process from "node:process";
import { type ConnectionTarget, readConnectionTarget } from "../connection-target.js";
import { recordInto } from "./record.js";
import type { ConnectFlags } from "./settings.js";

/** `openline connect` */
export async function connect(url: string, flags: ConnectFlags): Promise<void> {
  const target = await readConnectionTarget(url, flags);
  const writeRecording = flags.record === undefined ? undefined : recordInto(flags.record);
  try {
    await talk(target, flags);
  } finally {
    await writeRecording?.();
  }
}

async function talk(target: ConnectionTarget, flags: ConnectFlags): Promise<void> {
  if (process.stdin.isTTY && process.stdout.isTTY && !flags.json && !flags.binary) {
    const { talkOnTerminal } = await import("./terminal-talk.js");
    await talkOnTerminal(target, flags);
  } else {
    const { talkThroughPipes } = await import("./pipe.js");
    await talkThroughPipes(target, flags);
  }
}
