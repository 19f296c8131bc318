import process from "node:process";

const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/**
 * What the user's wish to end comes to: the first time an orderly close, the second time an end at once, and then the
 * end of the process whatever it waits for.
 */
export class Interruption {
  #times = 0;
  readonly #close: () => void;
  readonly #terminate: () => void;

  constructor(close: () => void, terminate: () => void) {
    this.#close = close;
    this.#terminate = terminate;
    for (const signal of signals) process.on(signal, this.interrupt);
  }

  /** Whether the user wants an end. */
  get isWanted(): boolean {
    return this.#times > 0;
  }

  readonly interrupt = (): void => {
    this.#times += 1;
    if (this.#times === 1) this.#close();
    else if (this.#times === 2) this.#terminate();
    else process.exit(130);
  };

  /** Signals do again what they do by default. */
  stop(): void {
    for (const signal of signals) process.off(signal, this.interrupt);
  }
}
