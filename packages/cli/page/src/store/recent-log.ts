import type { ReadonlySignal } from "@preact/signals";
import { FrameSignal } from "./frame-signal.js";

/**
 * The latest of what happens, up to a number. Outside of the signals, so that an item costs no more than its place in the
 * ring; who shows it reads `version`, which changes at most once a frame.
 */
export abstract class RecentLog<Item> {
  readonly #ring: (Item | undefined)[] = [];
  readonly #most: number;
  readonly #changes = new FrameSignal();
  #first = 0;
  #end = 0;

  constructor(most: number) {
    this.#most = most;
  }

  /** Changes whenever items have come or gone. */
  get version(): ReadonlySignal<number> {
    return this.#changes.version;
  }

  /** The number of the oldest item that is kept. Numbers count on over everything that was ever put in. */
  get first(): number {
    return this.#first;
  }

  /** The number that the next item will have. */
  get end(): number {
    return this.#end;
  }

  at(number: number): Item | undefined {
    if (number < this.#first || number >= this.#end) return undefined;
    return this.#ring[number % this.#most];
  }

  protected append(item: Item): void {
    if (this.#end - this.#first === this.#most) this.dropFirst();
    this.#ring[this.#end++ % this.#most] = item;
  }

  protected dropFirst(): Item | undefined {
    const index = this.#first++ % this.#most;
    const item = this.#ring[index];
    this.#ring[index] = undefined;
    return item;
  }

  protected dropAll(): void {
    this.#ring.length = 0;
    this.#first = this.#end;
  }

  /** `version` changes with the next frame. */
  protected touch(): void {
    this.#changes.touch();
  }
}
