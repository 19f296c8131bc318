import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { formatBytes, formatCount, formatDuration } from "../texts/format.js";
import { texts } from "../texts/texts.js";
import { Chart, type ChartSeries } from "./chart.js";
import { chartData, type TrafficSecond } from "./chart-data.js";
import "./charts.css";

/** How much of the past the charts show, in seconds. */
const livePast = 120;
const shortestPast = 20;

/**
 * Messages and bytes a second both ways, the round-trip time, and `bufferedAmount`.
 * @param traffic in the order of time; seconds in which nothing passed may be left out
 * @param version changes whenever `traffic` has
 * @param isLive whether the present is the end; else the charts show all of the traffic
 */
export function Charts({
  traffic,
  version,
  isLive = true,
}: {
  readonly traffic: readonly TrafficSecond[];
  readonly version: number;
  readonly isLive?: boolean;
}) {
  const { charts, common } = texts.value;
  const drawn = useUnhurried(version);
  const data = useMemo(() => {
    if (isLive) return chartData(traffic, drawn.second, livePast + 1);
    const last = traffic.at(-1)?.second ?? drawn.second;
    const past = Math.max(shortestPast, last - (traffic[0]?.second ?? last));
    return chartData(traffic, last, Math.ceil(past / 4) * 4 + 1);
  }, [traffic, drawn, isLive]);
  const series = useMemo(() => {
    const both = (sent: readonly number[], received: readonly number[]): ChartSeries[] => [
      { name: charts.sent, colour: "--sent", values: sent },
      { name: charts.received, colour: "--received", values: received },
    ];
    return {
      messages: both(data.sentMessages, data.receivedMessages),
      bytes: both(data.sentBytes, data.receivedBytes),
      roundTrip: [{ name: charts.roundTrip, colour: "--accent", values: data.roundTrip }],
      buffered: [{ name: charts.buffered, colour: "--connecting", values: data.bufferedAmount }],
    };
  }, [data, charts]);
  const { seconds } = data;
  return (
    <div class="charts">
      <Chart
        title={charts.messages}
        seconds={seconds}
        series={series.messages}
        format={formatCount}
        spoken={common.messages}
      />
      <Chart title={charts.bytes} seconds={seconds} series={series.bytes} format={formatBytes} base={2} />
      <Chart
        title={charts.roundTrip}
        seconds={seconds}
        series={series.roundTrip}
        format={formatDuration}
        least={0.2}
      />
      <Chart
        title={charts.buffered}
        seconds={seconds}
        series={series.buffered}
        format={formatBytes}
        base={2}
      />
    </div>
  );
}

/** The version and the present second, anew no more than four times a second, and while the page is seen. */
function useUnhurried(version: number): { readonly version: number; readonly second: number } {
  const [drawn, setDrawn] = useState({ version, second: now() });
  const latest = useRef(version);
  latest.current = version;
  useEffect(() => {
    const timer = setInterval(() => {
      if (document.visibilityState !== "visible") return;
      const fresh = { version: latest.current, second: now() };
      setDrawn((old) => (old.version === fresh.version && old.second === fresh.second ? old : fresh));
    }, 250);
    return () => clearInterval(timer);
  }, []);
  return drawn;
}

function now(): number {
  return Math.floor(Date.now() / 1000);
}
