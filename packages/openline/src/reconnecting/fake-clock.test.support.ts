import { setImmediate as turn } from "node:timers/promises";
import { type Clock, longestTime } from "./environment.js";

interface Timer {
  readonly due: number;
  readonly callback: () => void;
}

/** Time that passes when a test says so, and chance that a seed decides. */
export class FakeClock implements Clock {
  readonly random: () => number;
  readonly #timers = new Set<Timer>();
  #now = 1_000_000;

  constructor(random: () => number = () => 0.5) {
    this.random = random;
  }

  /** How many timers run. */
  get running(): number {
    return this.#timers.size;
  }

  readonly now = (): number => this.#now;

  after(milliseconds: number, callback: () => void): () => void {
    if (milliseconds > longestTime) return () => {};
    const timer = { due: this.#now + Math.max(0, milliseconds), callback };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  /** Lets time pass, timer by timer; after each of them all promises are settled. */
  async advance(milliseconds: number): Promise<void> {
    const end = this.#now + milliseconds;
    await turn();
    for (let next = this.#next(end); next !== undefined; next = this.#next(end)) {
      this.#now = Math.max(this.#now, next.due);
      this.#timers.delete(next);
      next.callback();
      await turn();
    }
    this.#now = end;
  }

  /** Lets time pass without a timer having its turn, as while a machine sleeps. */
  sleep(milliseconds: number): void {
    this.#now += milliseconds;
  }

  #next(end: number): Timer | undefined {
    let next: Timer | undefined;
    for (const timer of this.#timers) {
      if (timer.due <= end && (next === undefined || timer.due < next.due)) next = timer;
    }
    return next;
  }
}
