import { setImmediate as turn } from "node:timers/promises";
import { type Clock, longestTime } from "./environment.js";

interface Timer {
  readonly due: number;
  readonly number: number;
  readonly callback: () => void;
}

/** Time that passes when a test says so, and chance that a seed decides. */
export class FakeClock implements Clock {
  readonly random: () => number;
  readonly #running = new Set<Timer>();
  readonly #queue = new TimerQueue();
  #started = 0;
  #now = 1_000_000;

  constructor(random: () => number = () => 0.5) {
    this.random = random;
  }

  /** How many timers run. */
  get running(): number {
    return this.#running.size;
  }

  readonly now = (): number => this.#now;

  after(milliseconds: number, callback: () => void): () => void {
    if (milliseconds > longestTime) return () => {};
    const timer = { due: this.#now + Math.max(0, milliseconds), number: this.#started++, callback };
    this.#running.add(timer);
    this.#queue.add(timer);
    return () => this.#running.delete(timer);
  }

  /** Lets time pass, timer by timer; after each of them all promises are settled. */
  async advance(milliseconds: number): Promise<void> {
    const end = this.#now + milliseconds;
    await turn();
    for (let next = this.#queue.first; next !== undefined && next.due <= end; next = this.#queue.first) {
      this.#queue.removeFirst();
      if (!this.#running.delete(next)) continue;
      this.#now = Math.max(this.#now, next.due);
      next.callback();
      await turn();
    }
    this.#now = end;
  }

  /** Lets time pass without a timer having its turn, as while a machine sleeps. */
  sleep(milliseconds: number): void {
    this.#now += milliseconds;
  }
}

/** A binary heap: the earliest timer is first, and of those due together the one that was started first. */
class TimerQueue {
  readonly #heap: Timer[] = [];

  get first(): Timer | undefined {
    return this.#heap[0];
  }

  add(timer: Timer): void {
    let place = this.#heap.push(timer) - 1;
    while (place > 0) {
      const above = (place - 1) >> 1;
      if (!this.#swapIfBefore(place, above)) return;
      place = above;
    }
  }

  removeFirst(): void {
    const last = this.#heap.pop();
    if (last === undefined || this.#heap.length === 0) return;
    this.#heap[0] = last;
    for (let place = 0; ; ) {
      const [left, right] = [2 * place + 1, 2 * place + 2];
      const lower = this.#isBefore(right, left) ? right : left;
      if (!this.#swapIfBefore(lower, place)) return;
      place = lower;
    }
  }

  #isBefore(place: number, other: number): boolean {
    const [timer, than] = [this.#heap[place], this.#heap[other]];
    if (timer === undefined || than === undefined) return false;
    return timer.due < than.due || (timer.due === than.due && timer.number < than.number);
  }

  #swapIfBefore(place: number, other: number): boolean {
    const [timer, than] = [this.#heap[place], this.#heap[other]];
    if (timer === undefined || than === undefined || !this.#isBefore(place, other)) return false;
    this.#heap[place] = than;
    this.#heap[other] = timer;
    return true;
  }
}
