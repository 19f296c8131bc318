import { MAX_MATCH } from "./deflate-alphabet.js";

/** How hard to look for matches. */
export interface Effort {
  /** How many earlier places with the same hash are tried. */
  readonly chain: number;
  /** A match shorter than this is dropped if the next byte starts a longer one ("lazy matching", [1951] 4). */
  readonly lazy: number;
}

/** [1951] allows matches of three bytes, but with the fixed codes those hardly save a bit; four are found faster. */
const SHORTEST = 4;
/** A match this long is taken without looking on. */
const GOOD_ENOUGH = 64;

const HASH_BITS = 12;
const TEXT_SIZE = 64 * 1024;

/**
 * Finds what in a text has been there before. [1951] 2, 4
 *
 * The text is the end of one connection's earlier messages, and its new message. Tables and text are shared by all
 * connections; whoever comes next puts its own history in their place.
 */
export class Lz77 {
  /** A literal byte, or `distance << 9 | length`. */
  readonly tokens: Int32Array = new Int32Array(TEXT_SIZE / 2);
  tokenCount = 0;

  readonly text: Buffer = Buffer.allocUnsafeSlow(TEXT_SIZE);
  /** The text's end. */
  #end = 0;
  readonly #view: DataView = new DataView(this.text.buffer);
  /** By hash: the last place, plus `#era`. What is less than `#era` is of a text that has gone. */
  readonly #last = new Int32Array(1 << HASH_BITS).fill(-1);
  /** By place: the one before it with the same hash; negative if there is none. */
  readonly #before = new Int32Array(TEXT_SIZE);
  #era = 0;
  /** Up to where the text is in the tables. */
  #indexed = 0;
  #distance = 0;

  /** The most bytes that one `run` takes. */
  static readonly MAX_RUN = TEXT_SIZE / 2;

  get length(): number {
    return this.#end;
  }

  /** Starts over with `history` as the text. */
  restart(history: Uint8Array | null): void {
    this.#era += TEXT_SIZE;
    if (this.#era > 1 << 30) {
      this.#last.fill(-1);
      this.#era = 0;
    }
    this.#indexed = 0;
    this.#end = 0;
    if (history !== null) {
      this.text.set(history);
      this.#end = history.length;
    }
  }

  /** Turns `source[start..end)` into tokens, and leaves it as history. Returns where it starts in the text. */
  run(source: Uint8Array, start: number, end: number, maxDistance: number, effort: Effort): number {
    if (this.#end + end - start > TEXT_SIZE) {
      this.restart(
        this.text.subarray(this.#end - Math.min(this.#end, maxDistance, TEXT_SIZE / 4), this.#end),
      );
    }
    const { text, tokens } = this;
    const { chain, lazy } = effort;
    const first = this.#end;
    text.set(source.subarray(start, end), first);
    const stop = first + end - start;
    this.#end = stop;
    const searchStop = stop - SHORTEST + 1;
    this.#index(Math.min(first, searchStop));

    let count = 0;
    let place = first;
    while (place < searchStop) {
      let length = this.#search(place, stop, maxDistance, chain, SHORTEST - 1);
      if (length < SHORTEST) {
        tokens[count++] = text[place++] as number;
        continue;
      }
      let distance = this.#distance;
      while (length < lazy && place + 1 < searchStop) {
        const next = this.#search(place + 1, stop, maxDistance, chain, length);
        if (next <= length) break;
        tokens[count++] = text[place++] as number;
        length = next;
        distance = this.#distance;
      }
      tokens[count++] = (distance << 9) | length;
      place += length;
      this.#index(Math.min(place, searchStop));
    }
    while (place < stop) tokens[count++] = text[place++] as number;
    this.tokenCount = count;
    return first;
  }

  #index(until: number): void {
    const view = this.#view;
    const last = this.#last;
    const before = this.#before;
    const era = this.#era;
    let place = this.#indexed;
    for (; place < until; place++) {
      const hash = Math.imul(view.getInt32(place, true), 0x9e3779b1) >>> (32 - HASH_BITS);
      before[place] = (last[hash] as number) - era;
      last[hash] = place + era;
    }
    this.#indexed = place;
  }

  /** The length of the longest match for `place`, if longer than `best`; and puts `place` into the tables. */
  #search(place: number, stop: number, maxDistance: number, chain: number, best: number): number {
    const view = this.#view;
    const before = this.#before;
    const text = this.text;
    const oldest = Math.max(0, place - maxDistance);
    const longest = Math.min(MAX_MATCH, stop - place);
    const word = view.getInt32(place, true);
    const hash = Math.imul(word, 0x9e3779b1) >>> (32 - HASH_BITS);
    let candidate = (this.#last[hash] as number) - this.#era;
    before[place] = candidate;
    this.#last[hash] = place + this.#era;
    this.#indexed = place + 1;
    if (best >= longest) return best;

    let end = text[place + best] as number;
    for (let left = chain; candidate >= oldest && left > 0; left--, candidate = before[candidate] as number) {
      if (text[candidate + best] !== end || view.getInt32(candidate, true) !== word) continue;
      let length = SHORTEST;
      while (length < longest && text[candidate + length] === text[place + length]) length++;
      if (length > best) {
        best = length;
        this.#distance = place - candidate;
        if (best >= GOOD_ENOUGH || best >= longest) break;
        end = text[place + best] as number;
      }
    }
    return best;
  }
}
