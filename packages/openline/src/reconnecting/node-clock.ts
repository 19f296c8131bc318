import { type Clock, clock, longestTime } from "./environment.js";

/** The clock of one object in Node.js, whose timers can be kept from holding the process. */
export class NodeClock implements Clock {
  readonly now = clock.now;
  readonly random = clock.random;
  readonly #timers = new Set<NodeJS.Timeout>();
  #isHolding = true;

  after(milliseconds: number, callback: () => void): () => void {
    if (milliseconds > longestTime) return () => {};
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      callback();
    }, milliseconds);
    this.#timers.add(timer);
    if (!this.#isHolding) timer.unref();
    return () => {
      this.#timers.delete(timer);
      clearTimeout(timer);
    };
  }

  /** Whether the timers, also those to come, keep the process alive. */
  hold(isHolding: boolean): void {
    this.#isHolding = isHolding;
    for (const timer of this.#timers) {
      if (isHolding) timer.ref();
      else timer.unref();
    }
  }
}
