import { useEffect, useRef } from "preact/hooks";
import uPlot from "uplot";
import { texts } from "../texts/texts.js";
import "uplot/dist/uPlot.min.css";

export interface ChartSeries {
  readonly name: string;
  /** The name of a custom property: a canvas knows no `var()`. */
  readonly colour: string;
  readonly values: readonly (number | null)[];
}

const height = 132;

/** Lines over time, with a legend that tells the last value and the highest. */
export function Chart({
  title,
  seconds,
  series,
  format,
  spoken = format,
  base = 10,
  least = 2,
}: {
  readonly title: string;
  readonly seconds: readonly number[];
  readonly series: readonly ChartSeries[];
  readonly format: (value: number) => string;
  /** How a value is read out. Default: as `format` has it. */
  readonly spoken?: (value: number) => string;
  /** Of round figures on the axis. */
  readonly base?: 2 | 10;
  /** What the axis shows at least. */
  readonly least?: number;
}) {
  const place = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | undefined>(undefined);
  const scheme = useRef("");

  // Colours and formats are fixed when a plot is made: a new one for another theme or another language.
  const names = series.map(({ name, colour }) => `${name} ${colour}`).join();
  useEffect(() => {
    const element = place.current;
    if (element === null) return;
    const make = () => {
      const colours = ["--chart-axis", "--chart-grid"].map((name) => resolved(element, name)).join();
      if (plot.current !== undefined && scheme.current === colours) return;
      scheme.current = colours;
      plot.current?.destroy();
      plot.current = new uPlot(
        options(element, series, format, base, least),
        columns(seconds, series),
        element,
      );
    };
    scheme.current = "";
    make();
    const resized = new ResizeObserver(([entry]) => {
      const width = Math.floor(entry?.contentRect.width ?? 0);
      if (width > 0 && width !== plot.current?.width) plot.current?.setSize({ width, height });
    });
    resized.observe(element);
    const themed = new MutationObserver(make);
    themed.observe(document.documentElement, { attributes: true });
    const system = matchMedia("(prefers-color-scheme: dark)");
    system.addEventListener("change", make);
    return () => {
      resized.disconnect();
      themed.disconnect();
      system.removeEventListener("change", make);
      plot.current?.destroy();
      plot.current = undefined;
    };
  }, [names, format, base, least]);

  useEffect(() => plot.current?.setData(columns(seconds, series)), [seconds, series]);

  const figures = series.map(({ name, colour, values }) => ({ name, colour, ...lastAndHighest(values) }));
  const says = (value: number | undefined) => (value === undefined ? "–" : spoken(value));
  const summary = texts.value.charts.summary(
    title,
    figures.map(({ name, last, highest }) => [name, says(last), says(highest)] as const),
  );
  return (
    <figure class="chart">
      <figcaption>
        <span class="chart-title">{title}</span>
        {figures.map(({ name, colour, last }) => (
          <span class="chart-figure" key={name}>
            <span class="chart-key" data-colour={colour} aria-hidden="true" />
            {series.length > 1 && <span class="chart-name">{name}</span>}
            <span class="chart-value">{last === undefined ? "–" : format(last)}</span>
          </span>
        ))}
      </figcaption>
      <div class="chart-place" ref={place} role="img" aria-label={summary} />
    </figure>
  );
}

function columns(seconds: readonly number[], series: readonly ChartSeries[]): uPlot.AlignedData {
  return [[...seconds], ...series.map(({ values }) => [...values])];
}

function lastAndHighest(values: readonly (number | null)[]) {
  let last: number | undefined;
  let highest: number | undefined;
  for (const value of values) {
    if (value === null) continue;
    last = value;
    highest = Math.max(highest ?? value, value);
  }
  return { last, highest };
}

function options(
  element: HTMLElement,
  series: readonly ChartSeries[],
  format: (value: number) => string,
  base: 2 | 10,
  least: number,
): uPlot.Options {
  const colour = (name: string, share?: number) => resolved(element, name, share);
  const font = `11px ${getComputedStyle(element).fontFamily}`;
  const axis = {
    stroke: colour("--chart-axis"),
    font,
    grid: { stroke: colour("--chart-grid"), width: 1 },
    ticks: { show: false },
  };
  return {
    width: Math.max(1, Math.floor(element.clientWidth)),
    height,
    legend: { show: false },
    cursor: { show: false },
    padding: [8, 4, 0, 0],
    scales: { y: { range: (_plot, _lowest, highest) => [0, roundUp(highest, base, least)] } },
    series: [
      {},
      ...series.map(({ name, colour: property }) => ({
        label: name,
        stroke: colour(property),
        fill: colour(property, 8),
        width: 1.5,
        spanGaps: true,
        points: { show: false },
      })),
    ],
    axes: [
      {
        ...axis,
        size: 24,
        space: 70,
        // How long ago, so that the words stand still while the lines move.
        splits: (_plot, _axis, first, last) =>
          [0.75, 0.5, 0.25].map((share) => last - (last - first) * share),
        values: (plot, splits) =>
          splits.map((second) => `${Math.round(second - (plot.scales["x"]?.max ?? second))} s`),
      },
      {
        ...axis,
        size: 64,
        splits: (_plot, _axis, _lowest, highest) => [0, highest / 2, highest],
        values: (_plot, splits) => splits.map(format),
      },
    ],
  };
}

/** What a custom property comes to as a colour, in the present theme. @param share of it, in per cent; else transparent */
function resolved(element: HTMLElement, name: string, share = 100): string {
  const probe = element.appendChild(document.createElement("i"));
  probe.style.color = `color-mix(in srgb, var(${name}) ${share}%, transparent)`;
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}

/** The next figure that reads well, and is twice one that does. */
function roundUp(highest: number | null, base: 2 | 10, least: number): number {
  const value = Math.max(highest ?? 0, least);
  if (base === 2) return 2 ** Math.ceil(Math.log2(value));
  const power = 10 ** Math.floor(Math.log10(value));
  return ([1, 2, 4, 6, 8].find((step) => step * power >= value) ?? 10) * power;
}
