import type { LoadConnection } from "./load-connection.js";
import type { Pace } from "./load-protocol.js";

/** Messages sent in one go before the answers get their turn. */
const mostAtOnce = 256;

/** A timer is late by up to this many milliseconds. A wait that is shorter is spent looking. */
const timerGrain = 2;

/** What was due in so many last milliseconds isn't late yet. */
const lastMoment = 20;

/** Tells connections when a message is due. */
export class Pacer {
  readonly #pace: Pace;
  readonly #connections: readonly LoadConnection[];
  /** In this thread's `performance.now()`. */
  readonly #start: number;
  readonly #thread: number;
  readonly #threads: number;
  /** Messages that have been due. */
  #count = 0;
  #hasEnded = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(
    pace: Pace,
    connections: readonly LoadConnection[],
    start: number,
    { thread, threads }: { readonly thread: number; readonly threads: number },
  ) {
    this.#pace = pace;
    this.#connections = connections;
    this.#start = start;
    this.#thread = thread;
    this.#threads = threads;
  }

  begin(): void {
    if (this.#pace.kind === "rate") {
      if (this.#pace.perSecond > 0) this.#tick();
      return;
    }
    for (const connection of this.#connections) {
      for (let i = 0; i < this.#pace.inFlight; i += 1) connection.due(performance.now());
    }
  }

  onReply(connection: LoadConnection): void {
    if (this.#pace.kind === "rate") connection.catchUp();
    else connection.due(performance.now());
  }

  /** How long it took, in milliseconds, and how many messages were due that no connection has been told of. */
  end(): { readonly elapsed: number; readonly owed: number } {
    this.#hasEnded = true;
    clearTimeout(this.#timer);
    const elapsed = Math.max(0, performance.now() - this.#start);
    if (this.#pace.kind !== "rate") return { elapsed, owed: 0 };
    const perMillisecond = this.#pace.perSecond / this.#threads / 1000;
    const due = Math.floor(Math.max(0, elapsed - lastMoment) * perMillisecond);
    return { elapsed, owed: Math.max(0, due - this.#count) };
  }

  readonly #tick = (): void => {
    if (this.#hasEnded) return;
    const now = performance.now();
    for (let i = 0; i < mostAtOnce; i += 1) {
      const time = this.#nextTime();
      if (time > now) break;
      if (!this.#giveToOne(time)) return;
    }
    const wait = this.#nextTime() - performance.now();
    if (wait > timerGrain) this.#timer = setTimeout(this.#tick, Math.floor(wait - timerGrain));
    else setImmediate(this.#tick);
  };

  /** When the next message is due. The threads take turns. */
  #nextTime(): number {
    if (this.#pace.kind !== "rate") return Number.POSITIVE_INFINITY;
    const place = this.#count * this.#threads + this.#thread;
    return this.#start + (place * 1000) / this.#pace.perSecond;
  }

  /** The connections take turns; one that is over is passed by. */
  #giveToOne(time: number): boolean {
    const { length } = this.#connections;
    for (let i = 0; i < length; i += 1) {
      const connection = this.#connections[(this.#count + i) % length];
      if (connection?.isOpen !== true) continue;
      connection.due(time);
      this.#count += 1;
      return true;
    }
    return false;
  }
}
