import { createHistogram } from "node:perf_hooks";
import { LoadConnection, type LoadContext } from "./load-connection.js";
import { type LoadReport, type LoadSettings, noCounts } from "./load-protocol.js";
import { Pacer } from "./pacer.js";

/** Handshakes of one thread at a time: a server's queue of connections to accept is short. */
const handshakesAtOnce = 50;

/** With a rate: a server that doesn't read would fill the memory. */
const muchWaiting = 1024 * 1024;

const countsInterval = 100;

/** Milliseconds for the replies that are under way at the end: since the last one that came, and in all. */
const patience = { sinceLast: 1_000, inAll: 30_000 };

/** One thread's part of the load: opens connections, sends on them when told to begin, and reports. */
export class LoadThread {
  readonly #settings: LoadSettings;
  readonly #report: (report: LoadReport) => void;
  readonly #counts = noCounts();
  readonly #roundTrips = createHistogram();
  readonly #handshakes = createHistogram();
  readonly #failures = new Map<string, number>();
  readonly #endings = new Map<string, number>();
  readonly #dialling = new Set<LoadConnection>();
  readonly #connections: LoadConnection[] = [];
  /** Messages that connections have sent whose reply can't come any more. */
  #abandoned = 0;
  readonly #context: LoadContext;
  #pacer: Pacer | undefined;
  #isFinishing = false;
  /** Called with each reply and each end of a connection, while the end waits for them. */
  #lookForEnd: (() => void) | undefined;
  readonly #countsTimer: NodeJS.Timeout;

  constructor(settings: LoadSettings, report: (report: LoadReport) => void) {
    this.#settings = settings;
    this.#report = report;
    const { url, options, payload, takeAnyReply, pace } = settings;
    this.#context = {
      url,
      // [6455] 4.1 asks clients to wait for one another; a load is many clients.
      options: { ...options, serializeHandshakes: false },
      payload,
      size: typeof payload === "string" ? Buffer.byteLength(payload) : payload.byteLength,
      takeAnyReply,
      inFlight: pace.inFlight,
      mostWaiting: pace.kind === "rate" ? muchWaiting : Number.POSITIVE_INFINITY,
      counts: this.#counts,
      roundTrips: this.#roundTrips,
      onReply: (connection) => {
        if (!this.#isFinishing) this.#pacer?.onReply(connection);
        this.#lookForEnd?.();
      },
      onEnd: ({ unanswered }, reason) => {
        this.#counts.ended += 1;
        this.#abandoned += unanswered;
        count(this.#endings, reason);
        this.#lookForEnd?.();
        this.#lookForStrand();
      },
    };
    this.#countsTimer = setInterval(() => this.#tellCounts(), countsInterval);
  }

  /** Opens all connections; those that can't be opened are counted. */
  async open(): Promise<void> {
    let left = this.#settings.connections;
    const openSome = async (): Promise<void> => {
      while (left > 0 && !this.#isFinishing) {
        left -= 1;
        await this.#openOne();
      }
    };
    await Promise.all(Array.from({ length: Math.min(left, handshakesAtOnce) }, openSome));
    this.#report({ type: "settled" });
  }

  async #openOne(): Promise<void> {
    const begin = performance.now();
    const connection = new LoadConnection(this.#context);
    this.#dialling.add(connection);
    try {
      await connection.opened;
      this.#handshakes.record(Math.max(1, Math.round((performance.now() - begin) * 1e6)));
      this.#counts.opened += 1;
      this.#connections.push(connection);
    } catch (error) {
      // Those that are under way at the end are given up, which is no failure.
      if (this.#isFinishing) return;
      this.#counts.failed += 1;
      count(this.#failures, (error as Error).message);
    } finally {
      this.#dialling.delete(connection);
    }
  }

  /** @param at milliseconds since 1970 */
  begin(at: number): void {
    if (this.#isFinishing) return;
    const { pace, thread, threads } = this.#settings;
    this.#pacer = new Pacer(pace, this.#connections, at - performance.timeOrigin, { thread, threads });
    this.#pacer.begin();
    this.#lookForStrand();
  }

  async finish(): Promise<void> {
    if (this.#isFinishing) return;
    this.#isFinishing = true;
    const { elapsed, owed } = this.#pacer?.end() ?? { elapsed: 0, owed: 0 };
    const duringLoad = { ...this.#counts };
    this.#tellCounts();
    await Promise.all(Array.from(this.#dialling, (connection) => connection.close()));
    await this.#lastReplies();
    const sum = (of: (connection: LoadConnection) => number): number =>
      this.#connections.reduce((total, connection) => total + of(connection), 0);
    const unanswered = sum((connection) => connection.unanswered);
    const heldBack = owed + sum((connection) => connection.heldBack);
    await Promise.all(this.#connections.map((connection) => connection.close()));
    clearInterval(this.#countsTimer);
    this.#report({
      type: "done",
      result: {
        counts: this.#counts,
        duringLoad,
        elapsed,
        unanswered,
        heldBack,
        failures: this.#failures,
        endings: this.#endings,
        roundTrips: this.#roundTrips,
        handshakes: this.#handshakes,
      },
    });
  }

  #lastReplies(): Promise<void> {
    return new Promise((resolve) => {
      const end = (): void => {
        clearTimeout(idle);
        clearTimeout(limit);
        this.#lookForEnd = undefined;
        resolve();
      };
      const idle = setTimeout(end, patience.sinceLast);
      const limit = setTimeout(end, patience.inAll);
      this.#lookForEnd = () => {
        const { sent, replies } = this.#counts;
        if (sent - replies - this.#abandoned <= 0) end();
        else idle.refresh();
      };
      this.#lookForEnd();
    });
  }

  #lookForStrand(): void {
    if (this.#pacer === undefined || this.#isFinishing) return;
    const { opened, ended } = this.#counts;
    if (opened === ended) this.#report({ type: "stranded" });
  }

  #tellCounts(): void {
    this.#report({ type: "counts", counts: this.#counts });
  }
}

function count(reasons: Map<string, number>, reason: string): void {
  reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
}
