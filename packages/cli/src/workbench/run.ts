import process from "node:process";
import { UsageError } from "../exit.js";
import { Recording } from "../recording/recording.js";
import { ownVersion } from "../version.js";
import { showPage } from "./browser.js";
import { startWorkbench } from "./workbench.js";

/** What the command line gives. */
export interface WorkbenchFlags {
  readonly port: string;
  /** False with `--no-open`. */
  readonly open: boolean;
}

/** `openline workbench`: until it is told to end. */
export async function runWorkbench({ port, open }: WorkbenchFlags): Promise<void> {
  const recording = new Recording();
  try {
    const workbench = await startWorkbench({ port: readPort(port), version: ownVersion(), recording });
    const told = toldToEnd();
    await showPage(workbench, open);
    await told;
    await workbench.close();
  } finally {
    recording.close();
  }
}

/** @throws UsageError for what is no port. */
export function readPort(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (port <= 65_535) return port;
  throw new UsageError(`--port: expected a whole number from 0 to 65535, not ${JSON.stringify(text)}`);
}

/** Resolves with the first signal that asks the process to end. The second one ends it as it is. */
export function toldToEnd(): Promise<void> {
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  return new Promise((resolve) => {
    const onSignal = () => {
      for (const signal of signals) process.off(signal, onSignal);
      resolve();
    };
    for (const signal of signals) process.on(signal, onSignal);
  });
}
