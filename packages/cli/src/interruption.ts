import process from "node:process";
import { exitCode } from "./exit.js";

const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/**
 * The wish of the user, or of the system, that the command ends (Control and C, `kill`, a closed terminal). The first
 * time it comes to the first step, an orderly end; the next times to the next ones; and after the last the process ends
 * whatever it waits for.
 */
export class Interruption {
  readonly #steps: readonly (() => void)[];
  #times = 0;

  constructor(...steps: readonly (() => void)[]) {
    this.#steps = steps;
    for (const signal of signals) process.on(signal, this.interrupt);
  }

  /** Whether an end is wanted. */
  get isWanted(): boolean {
    return this.#times > 0;
  }

  /** As if a signal had come. */
  readonly interrupt = (): void => {
    const step = this.#steps[this.#times];
    this.#times += 1;
    if (step === undefined) process.exit(exitCode.failed);
    step();
  };

  /** Signals do again what they do by default. */
  stop(): void {
    for (const signal of signals) process.off(signal, this.interrupt);
  }
}

/** Calls `end` the first time that an end is wanted. Returns what takes that back. */
export function onInterruption(end: () => void): () => void {
  const interruption = new Interruption(end);
  return () => interruption.stop();
}
