import { useEffect, useState } from "preact/hooks";
import { formatBytes, formatCount, formatDuration } from "../texts/format.js";
import { texts } from "../texts/texts.js";
import { Chart, type ChartSeries } from "./chart.js";
import { chartData, type TrafficSecond } from "./chart-data.js";
import "./charts.css";

/** How much of the past the charts show. */
const span = 120;

/**
 * Messages and bytes a second both ways, the round-trip time, and `bufferedAmount`.
 * @param traffic in the order of time; seconds in which nothing passed may be left out
 * @param version changes whenever `traffic` has
 */
export function Charts({
  traffic,
  version,
}: {
  readonly traffic: readonly TrafficSecond[];
  readonly version: number;
}) {
  const { charts, common } = texts.value;
  const last = useSecond(version);
  const data = chartData(traffic, last, span);
  const both = (sent: readonly number[], received: readonly number[]): ChartSeries[] => [
    { name: charts.sent, colour: "--sent", values: sent },
    { name: charts.received, colour: "--received", values: received },
  ];
  return (
    <div class="charts">
      <Chart
        title={charts.messages}
        seconds={data.seconds}
        series={both(data.sentMessages, data.receivedMessages)}
        format={formatCount}
        spoken={common.messages}
      />
      <Chart
        title={charts.bytes}
        seconds={data.seconds}
        series={both(data.sentBytes, data.receivedBytes)}
        format={formatBytes}
        base={2}
      />
      <Chart
        title={charts.roundTrip}
        seconds={data.seconds}
        series={[{ name: charts.roundTrip, colour: "--accent", values: data.roundTrip }]}
        format={formatDuration}
        least={0.2}
      />
      <Chart
        title={charts.buffered}
        seconds={data.seconds}
        series={[{ name: charts.buffered, colour: "--connecting", values: data.bufferedAmount }]}
        format={formatBytes}
        base={2}
      />
    </div>
  );
}

/** The present second, as long as it is worth to draw it: the charts move on while the page is seen. */
function useSecond(version: number): number {
  const [second, setSecond] = useState(now);
  useEffect(() => {
    const timer = setInterval(() => {
      if (document.visibilityState === "visible") setSecond(now());
    }, 250);
    return () => clearInterval(timer);
  }, []);
  useEffect(() => setSecond(now()), [version]);
  return second;
}

function now(): number {
  return Math.floor(Date.now() / 1000);
}
