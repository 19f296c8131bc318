import type { RecordableHistogram } from "node:perf_hooks";
import { shownUrl } from "../connect/shown-url.js";
import type { BenchSettings } from "./bench-settings.js";
import type { BenchResult } from "./load.js";
import type { Reasons } from "./load-protocol.js";
import { percentiles } from "./report-format.js";

/** What was measured, for programs. Times are in milliseconds. */
export function reportJson(settings: BenchSettings, result: BenchResult): object {
  const { target, connections, workers, pace } = settings;
  const { counts, duringLoad, elapsed, unanswered, heldBack, failures, endings, samples } = result;
  const { opened, failed, ended, sent, replies, others } = counts;
  const aSecond = (value: number): number => (elapsed === 0 ? 0 : (value * 1000) / elapsed);
  return {
    url: shownUrl(target.url),
    workers,
    pace,
    seconds: elapsed / 1000,
    interrupted: result.wasInterrupted,
    connections: {
      wanted: connections,
      opened,
      failed,
      ended,
      failures: listed(failures),
      endings: listed(endings),
      handshake: timesOf(result.handshakes),
    },
    messages: {
      sent,
      replies,
      unanswered,
      notSent: heldBack,
      others,
      sentPerSecond: aSecond(duringLoad.sent),
      repliesPerSecond: aSecond(duringLoad.replies),
      bytesSentPerSecond: aSecond(duringLoad.bytesSent),
      bytesReceivedPerSecond: aSecond(duringLoad.bytesReceived),
      roundTrip: timesOf(result.roundTrips),
    },
    samples,
  };
}

function listed(reasons: Reasons): object[] {
  return Array.from(reasons, ([reason, count]) => ({ reason, count }));
}

function timesOf(histogram: RecordableHistogram): object | null {
  if (histogram.count === 0) return null;
  const milliseconds = (nanoseconds: number): number => nanoseconds / 1e6;
  return {
    count: histogram.count,
    min: milliseconds(histogram.min),
    mean: milliseconds(histogram.mean),
    ...Object.fromEntries(
      percentiles.map(([name, percentile]) => [name, milliseconds(histogram.percentile(percentile))]),
    ),
    max: milliseconds(histogram.max),
  };
}
