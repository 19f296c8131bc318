import { once } from "node:events";
import { createHistogram } from "node:perf_hooks";
import { Worker } from "node:worker_threads";
import { FailureError } from "../exit.js";
import {
  type Counts,
  countNames,
  type LoadOrder,
  type LoadReport,
  type LoadResult,
  type LoadSettings,
  noCounts,
  type Reasons,
} from "./load-protocol.js";

/** How much was sent and answered within an interval. */
export interface Sample {
  /** Seconds from the beginning of the load to the end of the interval. */
  readonly time: number;
  /** Messages a second. */
  readonly sent: number;
  readonly replies: number;
}

/** What all threads have measured. */
export interface BenchResult extends LoadResult {
  readonly samples: readonly Sample[];
  readonly wasInterrupted: boolean;
}

/** Time for the threads to get the word before the first message is due. */
const headStart = 50;

/** Points of the chart. */
const sampleCount = 60;

interface Thread {
  readonly worker: Worker;
  counts: Counts;
  isSettled: boolean;
  isStranded: boolean;
}

/** The worker threads, and what they have said so far. */
export class Load {
  readonly #duration: number;
  readonly #threads: readonly Thread[];
  readonly #results: LoadResult[] = [];
  readonly #samples: Sample[] = [];
  #began: number | undefined;
  #isFinishing = false;
  #wasInterrupted = false;
  #timer: NodeJS.Timeout | undefined;
  #sampler: NodeJS.Timeout | undefined;
  /** Rejects if a thread fails. */
  readonly #failed: Promise<never>;

  constructor(shares: readonly LoadSettings[], duration: number) {
    this.#duration = duration;
    this.#threads = shares.map((workerData) => {
      const worker = new Worker(new URL("./load-worker.js", import.meta.url), { workerData });
      const thread = { worker, counts: noCounts(), isSettled: false, isStranded: false };
      worker.on("message", (report: LoadReport) => this.#take(thread, report));
      return thread;
    });
    this.#failed = new Promise((_resolve, reject) => {
      for (const { worker } of this.#threads) {
        worker.on("error", (error) => {
          reject(new FailureError(`a worker thread failed: ${(error as Error).message}`));
        });
      }
    });
    // Nobody may be waiting for it yet.
    this.#failed.catch(() => {});
  }

  /** What has happened so far, in all threads together. */
  get counts(): Counts {
    return sumOf(this.#threads.map(({ counts }) => counts));
  }

  /** Milliseconds since the load has begun; undefined while connections are being opened. */
  get elapsed(): number | undefined {
    return this.#began === undefined ? undefined : Math.max(0, performance.now() - this.#began);
  }

  /** Ends it early: what was measured up to now is the result. */
  interrupt(): void {
    this.#wasInterrupted = true;
    this.#finish();
  }

  /** Resolves at the end of it all. */
  async result(): Promise<BenchResult> {
    const exits = Promise.all(this.#threads.map(({ worker }) => once(worker, "exit")));
    try {
      await Promise.race([exits, this.#failed]);
    } finally {
      clearTimeout(this.#timer);
      clearInterval(this.#sampler);
      for (const { worker } of this.#threads) void worker.terminate();
    }
    return {
      ...mergeResults(this.#results),
      samples: this.#samples,
      wasInterrupted: this.#wasInterrupted,
    };
  }

  #take(thread: Thread, report: LoadReport): void {
    switch (report.type) {
      case "counts":
        thread.counts = report.counts;
        break;
      case "settled":
        thread.isSettled = true;
        if (this.#threads.every(({ isSettled }) => isSettled)) this.#begin();
        break;
      case "stranded":
        thread.isStranded = true;
        if (this.#threads.every(({ isStranded }) => isStranded)) this.#finish();
        break;
      case "done":
        this.#results.push(report.result);
        break;
    }
  }

  #begin(): void {
    if (this.#isFinishing) return;
    this.#began = performance.now() + headStart;
    this.#tell({ type: "begin", at: performance.timeOrigin + this.#began });
    this.#timer = setTimeout(() => this.#finish(), headStart + this.#duration);
    this.#sampleEvery(Math.max(200, this.#duration / sampleCount));
  }

  #sampleEvery(interval: number): void {
    let before = { time: 0, sent: 0, replies: 0 };
    this.#sampler = setInterval(() => {
      const { sent, replies } = this.counts;
      const time = (this.elapsed ?? 0) / 1000;
      const passed = time - before.time;
      if (passed <= 0) return;
      this.#samples.push({
        time,
        sent: (sent - before.sent) / passed,
        replies: (replies - before.replies) / passed,
      });
      before = { time, sent, replies };
    }, interval);
  }

  #finish(): void {
    if (this.#isFinishing) return;
    this.#isFinishing = true;
    clearTimeout(this.#timer);
    clearInterval(this.#sampler);
    this.#tell({ type: "finish" });
  }

  #tell(order: LoadOrder): void {
    for (const { worker } of this.#threads) worker.postMessage(order);
  }
}

function sumOf(all: readonly Counts[]): Counts {
  const sum = noCounts();
  for (const counts of all) {
    for (const name of countNames) sum[name] += counts[name];
  }
  return sum;
}

function mergeResults(results: readonly LoadResult[]): LoadResult {
  const roundTrips = createHistogram();
  const handshakes = createHistogram();
  for (const result of results) {
    roundTrips.add(result.roundTrips);
    handshakes.add(result.handshakes);
  }
  const sum = (of: (result: LoadResult) => number): number =>
    results.reduce((total, result) => total + of(result), 0);
  return {
    counts: sumOf(results.map(({ counts }) => counts)),
    duringLoad: sumOf(results.map(({ duringLoad }) => duringLoad)),
    elapsed: Math.max(0, ...results.map(({ elapsed }) => elapsed)),
    unanswered: sum(({ unanswered }) => unanswered),
    heldBack: sum(({ heldBack }) => heldBack),
    failures: mergeReasons(results.map(({ failures }) => failures)),
    endings: mergeReasons(results.map(({ endings }) => endings)),
    roundTrips,
    handshakes,
  };
}

/** The most frequent first. */
function mergeReasons(all: readonly Reasons[]): Reasons {
  const merged = new Map<string, number>();
  for (const reasons of all) {
    for (const [reason, count] of reasons) merged.set(reason, (merged.get(reason) ?? 0) + count);
  }
  return new Map([...merged].sort(([, one], [, other]) => other - one));
}
