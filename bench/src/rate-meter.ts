import { performance } from "node:perf_hooks";

export interface Timing {
  /** Milliseconds at full speed before anything is counted. */
  readonly warmup: number;
  /** Milliseconds that are counted. */
  readonly window: number;
}

/**
 * Turns a running count into a rate: lets the warm-up pass, then measures from one call of `sample` to another.
 * There's no timer: a handler that is busy would delay it, and the count at that moment would be anyone's guess.
 */
export class RateMeter {
  readonly perSecond: Promise<number>;
  readonly #timing: Timing;
  readonly #started: () => void;
  readonly #resolve: (perSecond: number) => void;
  #phase: "warm-up" | "window" | "over" = "warm-up";
  #count = 0;
  #time = performance.now();

  /** `started` is called when the window begins, `stopped` when it is over. */
  constructor(timing: Timing, started: () => void, stopped: () => void) {
    this.#timing = timing;
    this.#started = started;
    let resolve: (perSecond: number) => void = () => {};
    this.perSecond = new Promise((done) => {
      resolve = done;
    });
    this.#resolve = (perSecond) => {
      stopped();
      resolve(perSecond);
    };
  }

  /** `count` is how much was done since the beginning. */
  sample(count: number): void {
    const now = performance.now();
    const elapsed = now - this.#time;
    if (this.#phase === "warm-up" && elapsed >= this.#timing.warmup) {
      this.#phase = "window";
      this.#started();
      this.#count = count;
      this.#time = performance.now();
    } else if (this.#phase === "window" && elapsed >= this.#timing.window) {
      this.#phase = "over";
      this.#resolve(((count - this.#count) / elapsed) * 1000);
    }
  }

  get isOver(): boolean {
    return this.#phase === "over";
  }
}
