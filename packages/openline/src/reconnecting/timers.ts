import type { Clock } from "./environment.js";

/** All timers of one object, so that none is left behind and all can be kept from holding a process. */
export class Timers {
  readonly #clock: Clock;
  readonly #running = new Map<() => void, unknown>();
  #holding = true;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Calls `callback` once, later; never for `Infinity`. @returns the way to stop it. */
  start(milliseconds: number, callback: () => void): () => void {
    const stop = () => {
      this.#clock.clearTimeout(this.#running.get(stop));
      this.#running.delete(stop);
    };
    if (milliseconds !== Infinity) {
      const timer = this.#clock.setTimeout(() => {
        this.#running.delete(stop);
        callback();
      }, milliseconds);
      this.#running.set(stop, timer);
      if (!this.#holding) hold(timer, false);
    }
    return stop;
  }

  stopAll(): void {
    for (const stop of this.#running.keys()) stop();
  }

  /** Whether the timers keep a Node.js process alive. In a browser there is nothing to keep. */
  hold(holding: boolean): void {
    this.#holding = holding;
    for (const timer of this.#running.values()) hold(timer, holding);
  }
}

function hold(timer: unknown, holding: boolean): void {
  const { ref, unref } = timer as { ref?: () => void; unref?: () => void };
  (holding ? ref : unref)?.call(timer);
}
