import type { WireEvent } from "../../../src/workbench/control-protocol.js";
import { RecentLog } from "./recent-log.js";

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

/** What has passed on the lines: the latest 200,000 events. */
export class WireLog extends RecentLog<WireEntry> {
  readonly #lastTimes = new Map<number, number>();
  #characters = 0;

  constructor() {
    super(maxEntries);
  }

  push(events: readonly WireEvent[]): void {
    for (const event of events) {
      const last = this.#lastTimes.get(event.connection);
      const sinceLast = last === undefined ? undefined : event.time - last;
      if (event.kind === "end") this.#lastTimes.delete(event.connection);
      else this.#lastTimes.set(event.connection, event.time);
      this.append({ sequence: this.end, event, sinceLast });
      this.#characters += characters(event);
    }
    while (this.#characters > maxCharacters && this.first < this.end - 1) this.dropFirst();
    if (events.length > 0) this.touch();
  }

  clear(): void {
    this.dropAll();
    this.#characters = 0;
    this.touch();
  }

  protected override dropFirst(): WireEntry | undefined {
    const entry = super.dropFirst();
    if (entry) this.#characters -= characters(entry.event);
    return entry;
  }
}

function characters(event: WireEvent): number {
  if (event.kind !== "frame" || event.data === undefined) return 0;
  return "text" in event.data ? event.data.text.length : event.data.base64.length;
}
