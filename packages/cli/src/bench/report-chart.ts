import type { RecordableHistogram } from "node:perf_hooks";
import { cyan, magenta } from "ansis";
import plot, { type Settings } from "simple-ascii-chart";
import type { BenchResult, Sample } from "./load.js";
import { count } from "./report-format.js";

const height = 8;
const widest = 90;

/** What a chart needs beside the points: the axis and the numbers on it. */
const margin = 16;
const narrowest = 24;

/** How much was answered as time went on, and how the round trips are spread. */
export function reportChart({ samples, roundTrips }: BenchResult, columns: number): string {
  const width = Math.min(columns - margin, widest);
  if (width < narrowest || roundTrips.count === 0) return "";
  const charts = [];
  if (samples.length > 2) charts.push(cyan(rateChart(samples, width)));
  if (roundTrips.max > roundTrips.min) charts.push(magenta(spreadChart(roundTrips, width)));
  return charts.join("\n");
}

function rateChart(samples: readonly Sample[], width: number): string {
  const last = Math.ceil(samples.at(-1)?.time ?? 0);
  const step = Math.max(1, Math.ceil(last / 10));
  return plot(
    samples.map(({ time, replies }): [number, number] => [time, replies]),
    {
      ...frame(width, Math.max(...samples.map(({ replies }) => replies))),
      title: "replies a second, over the seconds",
      customXAxisTicks: Array.from({ length: Math.floor(last / step) + 1 }, (_, i) => i * step),
      formatter: (value, { axis }) => (axis === "y" ? count(value) : String(value)),
    },
  );
}

/** As HDR histograms are usually drawn: each step to the right leaves a tenth of the messages. */
function spreadChart(roundTrips: RecordableHistogram, width: number): string {
  // 90 % at 1, 99 % at 2 and so on; the last point is the longest of all.
  const lastPlace = Math.log10(roundTrips.count) + 0.3;
  const points = Array.from(roundTrips.percentiles, ([percentile, nanoseconds]): [number, number] => [
    Math.min(-Math.log10(1 - percentile / 100), lastPlace),
    nanoseconds / 1e6,
  ]);
  return plot(points, {
    ...frame(width, roundTrips.max / 1e6),
    title: "round trip in milliseconds, for so many of the messages",
    customXAxisTicks: Array.from({ length: Math.floor(lastPlace) + 1 }, (_, i) => i),
    formatter: (value, { axis }) => (axis === "y" ? threeDigits(value) : percentileAt(value)),
  });
}

function frame(width: number, highest: number): Settings {
  return { width, height, yRange: [0, highest] };
}

function threeDigits(value: number): string {
  return value >= 100 ? count(value) : String(Number(value.toPrecision(3)));
}

function percentileAt(place: number): string {
  return `${100 - 100 / 10 ** place}%`;
}
