import type { ReadonlySignal } from "@preact/signals";
import type { WireEvent } from "../../../src/workbench/control-protocol.js";
import { FrameSignal } from "./frame-signal.js";

/** What has passed on a line, as the page keeps it. */
export interface WireEntry {
  /** Counts on over everything that was ever put in, so it stays an entry's name when older ones go. */
  readonly sequence: number;
  readonly event: WireEvent;
  /** Milliseconds since the entry before on the same connection; absent with its first. */
  readonly sinceLast: number | undefined;
}

const maxEntries = 200_000;
/** Characters of previews that are kept, so that long messages don't fill the memory of the tab. */
const maxCharacters = 64 * 2 ** 20;

/**
 * What has passed on the lines: the latest 200,000 events. Outside of the signals, so that an event costs no more than
 * its place in the ring; who shows it reads `version`, which changes at most once a frame.
 */
export class WireLog {
  readonly #ring: (WireEntry | undefined)[] = [];
  readonly #changes = new FrameSignal();
  readonly #lastTimes = new Map<number, number>();
  #first = 0;
  #end = 0;
  #characters = 0;

  /** Changes whenever entries have come or gone. */
  get version(): ReadonlySignal<number> {
    return this.#changes.version;
  }

  /** The sequence number of the oldest entry that is kept. */
  get first(): number {
    return this.#first;
  }

  /** The sequence number that the next entry will have. */
  get end(): number {
    return this.#end;
  }

  at(sequence: number): WireEntry | undefined {
    if (sequence < this.#first || sequence >= this.#end) return undefined;
    return this.#ring[sequence % maxEntries];
  }

  push(events: readonly WireEvent[]): void {
    for (const event of events) {
      if (this.#end - this.#first === maxEntries) this.#dropFirst();
      const last = this.#lastTimes.get(event.connection);
      const sinceLast = last === undefined ? undefined : event.time - last;
      if (event.kind === "end") this.#lastTimes.delete(event.connection);
      else this.#lastTimes.set(event.connection, event.time);
      const sequence = this.#end++;
      this.#ring[sequence % maxEntries] = { sequence, event, sinceLast };
      this.#characters += characters(event);
    }
    while (this.#characters > maxCharacters && this.#first < this.#end - 1) this.#dropFirst();
    if (events.length > 0) this.#changes.touch();
  }

  clear(): void {
    this.#ring.length = 0;
    this.#first = this.#end;
    this.#characters = 0;
    this.#changes.touch();
  }

  #dropFirst(): void {
    const index = this.#first++ % maxEntries;
    const entry = this.#ring[index];
    if (entry) this.#characters -= characters(entry.event);
    this.#ring[index] = undefined;
  }
}

function characters(event: WireEvent): number {
  if (event.kind !== "frame" || event.data === undefined) return 0;
  return "text" in event.data ? event.data.text.length : event.data.base64.length;
}
