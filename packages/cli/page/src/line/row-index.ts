import type { WireLog } from "../store/wire-log.js";
import type { Accepts } from "./filter.js";

/** How many entries are looked at between two looks at the clock. */
const stride = 256;

/**
 * Which entries of a log the rows of a list are: all, or those that a filter accepts. A filter is applied bit by bit,
 * since 200,000 entries are too many for one task.
 */
export class RowIndex {
  readonly #log: WireLog;
  readonly #accepts: Accepts | undefined;
  #matches: number[] = [];
  /** Matches before this one have left the log. */
  #start = 0;
  #scanned: number;
  #end: number;
  readonly #firstAtStart: number;
  #dropped = 0;

  constructor(log: WireLog, accepts: Accepts | undefined) {
    this.#log = log;
    this.#accepts = accepts;
    this.#scanned = log.first;
    this.#end = log.first;
    this.#firstAtStart = log.first;
  }

  get count(): number {
    return this.#accepts ? this.#matches.length - this.#start : Math.max(0, this.#end - this.#log.first);
  }

  /** How many rows have gone from the beginning since this index was made. */
  get dropped(): number {
    return this.#accepts ? this.#dropped : this.#log.first - this.#firstAtStart;
  }

  sequenceAt(row: number): number {
    if (!this.#accepts) return this.#log.first + row;
    return this.#matches[this.#start + row] ?? -1;
  }

  /** The row of an entry, or where it would be. */
  rowOf(sequence: number): number {
    if (!this.#accepts) return sequence - this.#log.first;
    let low = this.#start;
    let high = this.#matches.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#matches[middle] ?? 0) < sequence) low = middle + 1;
      else high = middle;
    }
    return low - this.#start;
  }

  /**
   * Takes in what the log has up to `end`, for so many milliseconds.
   * @returns whether it's through.
   */
  advance(end: number, budget: number): boolean {
    const accepts = this.#accepts;
    this.#end = end;
    if (!accepts) return true;
    this.#forgetDropped();
    const deadline = performance.now() + budget;
    this.#scanned = Math.max(this.#scanned, this.#log.first);
    while (this.#scanned < end) {
      const stop = Math.min(end, this.#scanned + stride);
      for (; this.#scanned < stop; this.#scanned++) {
        const entry = this.#log.at(this.#scanned);
        if (entry && accepts(entry)) this.#matches.push(this.#scanned);
      }
      if (performance.now() > deadline) break;
    }
    return this.#scanned >= end;
  }

  #forgetDropped(): void {
    const { first } = this.#log;
    while (this.#start < this.#matches.length && (this.#matches[this.#start] ?? first) < first) {
      this.#start++;
      this.#dropped++;
    }
    if (this.#start < 10_000) return;
    this.#matches = this.#matches.slice(this.#start);
    this.#start = 0;
  }
}
