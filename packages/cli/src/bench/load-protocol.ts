import type { RecordableHistogram } from "node:perf_hooks";
import type { WebSocketOptions } from "openline";

// What the command and its worker threads say to each other.

/** When messages are sent. */
export type Pace =
  /** A message every so often, over all connections of all threads, whether the earlier ones are answered or not. */
  | { readonly kind: "rate"; readonly perSecond: number; readonly inFlight: number }
  /** On each connection the next once an earlier one is answered: so many are under way. */
  | { readonly kind: "window"; readonly inFlight: number };

/** One thread's part of the load. */
export interface LoadSettings {
  readonly url: string;
  readonly options: WebSocketOptions;
  readonly connections: number;
  readonly pace: Pace;
  readonly payload: string | ArrayBuffer;
  /** Whether any message is a reply, and not just one that is equal to what was sent. */
  readonly takeAnyReply: boolean;
  /** This thread's place among them, and how many they are. */
  readonly thread: number;
  readonly threads: number;
}

/** What has happened so far. */
export interface Counts {
  /** Connections that have been open. */
  opened: number;
  /** Connections that couldn't be opened. */
  failed: number;
  /** Connections that were over before the load was. */
  ended: number;
  sent: number;
  replies: number;
  /** Messages that are no reply. */
  others: number;
  bytesSent: number;
  bytesReceived: number;
}

export const countNames = [
  "opened",
  "failed",
  "ended",
  "sent",
  "replies",
  "others",
  "bytesSent",
  "bytesReceived",
] as const satisfies readonly (keyof Counts)[];

export function noCounts(): Counts {
  return {
    opened: 0,
    failed: 0,
    ended: 0,
    sent: 0,
    replies: 0,
    others: 0,
    bytesSent: 0,
    bytesReceived: 0,
  };
}

/** What the command tells a thread. */
export type LoadOrder =
  /** All connections of all threads are settled: the load begins. `at` in milliseconds since 1970. */
  | { readonly type: "begin"; readonly at: number }
  /** No message more: wait for the replies that are under way, close, and report. */
  | { readonly type: "finish" };

/** Why connections failed or ended, and how many for this reason. */
export type Reasons = ReadonlyMap<string, number>;

export interface LoadResult {
  readonly counts: Counts;
  /** What of that had happened when the load was over, before the last replies. */
  readonly duringLoad: Counts;
  /** Milliseconds that the load took; 0 if it never began. */
  readonly elapsed: number;
  /** Messages whose reply has not come. */
  readonly unanswered: number;
  /** Messages that were due, but have not been sent, since too many were under way or this thread was too slow. */
  readonly heldBack: number;
  readonly failures: Reasons;
  readonly endings: Reasons;
  /** Nanoseconds. */
  readonly roundTrips: RecordableHistogram;
  /** Nanoseconds from dialling to `open`. */
  readonly handshakes: RecordableHistogram;
}

/** What a thread tells the command. */
export type LoadReport =
  /** Each connection is open or has failed. */
  | { readonly type: "settled" }
  /** Every so often, and once more when the load is over. */
  | { readonly type: "counts"; readonly counts: Counts }
  /** No connection is left to send on. */
  | { readonly type: "stranded" }
  | { readonly type: "done"; readonly result: LoadResult };
