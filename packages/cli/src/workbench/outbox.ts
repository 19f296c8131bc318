import type { BatchMessage, Missed, ObjectReport, SessionId, WireEvent } from "./control-protocol.js";

/** Milliseconds between two batches: 20 a second. */
const interval = 50;
/** Most events and reports of one batch, and characters of their previews: what a page takes in without a pause. */
const batchItems = 4000;
const batchWeight = 2 ** 20;
/** Most that waits for a page that is slow. */
const mostWaiting = 100_000;
const mostWeight = 32 * 2 ** 20;
/** Batches that the page has not said it is through with. */
const mostUnseen = 4;
/** What an item weighs apart from its preview. */
const baseWeight = 200;

type Item =
  | { readonly wire: WireEvent; readonly weight: number }
  | { readonly report: ObjectReport; readonly weight: number };

/**
 * What a page is still to be told. It goes out in batches, the next ones only while the page keeps up; of what there is
 * no room for only the number is told. Events that change how things stand are never left out.
 */
export class Outbox {
  readonly #send: (batch: BatchMessage) => void;
  #waiting: Item[] = [];
  /** How many of `#waiting` have been sent. */
  #taken = 0;
  #weight = 0;
  readonly #missed = new Map<string, { -readonly [K in keyof Missed]: Missed[K] }>();
  #batch = 0;
  #seen = 0;
  #timer: NodeJS.Timeout | undefined;
  #isClosed = false;

  constructor(send: (batch: BatchMessage) => void) {
    this.#send = send;
  }

  /** Whether there is room for what may be left out. */
  get hasRoom(): boolean {
    return this.#waiting.length - this.#taken < mostWaiting && this.#weight < mostWeight;
  }

  /** A frame of a message that there is no room for: it is counted without being made into an event. */
  missFrame(direction: "sent" | "received", bytes: number, session: SessionId | undefined): void {
    this.#miss(direction, bytes, session);
  }

  missReport(session: SessionId): void {
    this.#miss("reports", 0, session);
  }

  addWire(wire: WireEvent): void {
    const data = wire.kind === "frame" ? wire.data : undefined;
    const weight = data === undefined ? 0 : "text" in data ? data.text.length : data.base64.length;
    this.#add({ wire, weight: weight + baseWeight });
  }

  addReport(report: ObjectReport): void {
    const { data } = report.fields;
    const preview = typeof data === "object" && data !== null && "size" in data ? data : undefined;
    const weight =
      preview === undefined ? 0 : "text" in preview ? preview.text.length : preview.base64.length;
    this.#add({ report, weight: weight + 2 * baseWeight });
  }

  /** The page is through with this batch, and so with those before it. */
  seen(batch: number): void {
    this.#seen = Math.max(this.#seen, Math.min(batch, this.#batch));
    this.#plan();
  }

  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    this.#waiting = [];
    this.#taken = 0;
  }

  #add(item: Item): void {
    if (this.#isClosed) return;
    this.#waiting.push(item);
    this.#weight += item.weight;
    this.#plan();
  }

  #miss(what: Missed["what"], bytes: number, session: SessionId | undefined): void {
    if (this.#isClosed) return;
    const key = `${what} ${session ?? ""}`;
    const missed = this.#missed.get(key) ?? {
      what,
      count: 0,
      bytes: 0,
      ...(session !== undefined && { session }),
    };
    missed.count++;
    missed.bytes += bytes;
    this.#missed.set(key, missed);
    this.#plan();
  }

  /** Sends in a while what there is then, unless the page is behind. */
  #plan(): void {
    if (this.#timer !== undefined || this.#isClosed || this.#batch - this.#seen >= mostUnseen) return;
    if (this.#waiting.length === this.#taken && this.#missed.size === 0) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#flush();
      this.#plan();
    }, interval);
  }

  #flush(): void {
    const wire: WireEvent[] = [];
    const reports: ObjectReport[] = [];
    let weight = 0;
    while (wire.length + reports.length < batchItems && weight < batchWeight) {
      const item = this.#waiting[this.#taken];
      if (item === undefined) break;
      this.#taken++;
      weight += item.weight;
      if ("wire" in item) wire.push(item.wire);
      else reports.push(item.report);
    }
    this.#weight -= weight;
    // To take each item from the front of a long list would be slow.
    if (this.#taken > this.#waiting.length / 2) {
      this.#waiting = this.#waiting.slice(this.#taken);
      this.#taken = 0;
    }
    const missed = [...this.#missed.values()];
    this.#missed.clear();
    this.#send({ type: "batch", batch: ++this.#batch, wire, reports, missed });
  }
}
