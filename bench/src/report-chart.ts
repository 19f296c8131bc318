import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { formatValue } from "./format.js";
import { summaryOf, type WorkloadResult } from "./results.js";

interface Chart {
  setOption(option: object): void;
  renderToSVGString(): string;
  dispose(): void;
}

interface Echarts {
  init(element: null, theme: null, options: object): Chart;
}

const width = 960;
const columns = 2;
const barHeight = 20;
const margin = { top: 92, bottom: 16, left: 72, right: 88, title: 34 };
const ink = "#24292f";
const fontFamily = "system-ui, sans-serif";
const colours: Readonly<Record<string, string>> = { openline: "#0f766e", net: "#c3c8cf" };
const otherColour = "#7c93b2";

/** A chart for each group of workloads: a panel for each workload, with a scale of its own, a bar for each competitor. */
export async function writeCharts(
  folder: string,
  results: readonly WorkloadResult[],
  subtitle: string,
): Promise<string[]> {
  const name: string = "echarts"; // a type of string keeps the compiler from looking for the package
  const echarts = (await import(name)) as Echarts;
  mkdirSync(folder, { recursive: true });
  const groups = groupOf(results);
  const files: string[] = [];
  for (const [group, members] of groups) {
    const drawable = members.filter(({ results: each }) => each.some(({ samples }) => samples.length > 0));
    if (drawable.length === 0) continue;
    const file = join(folder, `${group}.svg`);
    writeFileSync(file, render(echarts, drawable, subtitle));
    files.push(file);
  }
  return files;
}

function groupOf(results: readonly WorkloadResult[]): Map<string, WorkloadResult[]> {
  const groups = new Map<string, WorkloadResult[]>();
  for (const result of results) {
    groups.set(result.workload.group, [...(groups.get(result.workload.group) ?? []), result]);
  }
  return groups;
}

function render(echarts: Echarts, results: readonly WorkloadResult[], subtitle: string): string {
  const bars = Math.max(...results.map(({ results: each }) => each.length));
  const panelHeight = margin.title + bars * barHeight + 18;
  const rows = Math.ceil(results.length / columns);
  const height = margin.top + rows * panelHeight + margin.bottom;
  const panelWidth = width / (results.length === 1 ? 1 : columns);
  const panels = results.map((result, index) => {
    const left = (index % columns) * panelWidth;
    const top = margin.top + Math.floor(index / columns) * panelHeight;
    return panel(result, index, { left, top, width: panelWidth });
  });
  const chart = echarts.init(null, null, { renderer: "svg", ssr: true, width, height });
  chart.setOption({
    animation: false,
    backgroundColor: "#ffffff",
    textStyle: { fontFamily, color: ink },
    title: [
      {
        text: subtitle,
        left: 16,
        top: 12,
        textStyle: { fontSize: 11, lineHeight: 15, fontWeight: "normal", color: "#57606a" },
      },
      ...panels.map(({ title }) => title),
    ],
    grid: panels.map(({ grid }) => grid),
    xAxis: panels.map(({ xAxis }) => xAxis),
    yAxis: panels.map(({ yAxis }) => yAxis),
    series: panels.map(({ series }) => series),
  });
  const svg = chart.renderToSVGString();
  chart.dispose();
  // The library's styles are for a pointer that hovers, which a picture in a document has no use for.
  const still = svg.replaceAll(/<style.*?<\/style>\s*/gs, "");
  const titles = results.map(({ workload }) => workload.title).join("; ");
  return still.replace(/<svg[^>]*>/, (start) => `${start}\n<title>${titles}</title>`);
}

interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
}

function panel(result: WorkloadResult, gridIndex: number, box: Box): Readonly<Record<string, object>> {
  const [metric] = result.workload.metrics;
  if (metric === undefined) throw new Error(`${result.workload.name} has no metric`);
  const measured = result.results.filter(({ samples }) => samples.length > 0);
  const sense = metric.better === "lower" ? ", lower is better" : "";
  return {
    title: {
      text: result.workload.title,
      subtext: metric.label + sense,
      left: box.left + 16,
      top: box.top - 14,
      itemGap: 2,
      textStyle: { fontSize: 13, color: ink },
      subtextStyle: { fontSize: 11, color: "#57606a" },
    },
    grid: {
      left: box.left + margin.left,
      top: box.top + margin.title - 8,
      width: box.width - margin.left - margin.right,
      height: measured.length * barHeight,
    },
    xAxis: { gridIndex, type: "value", show: false, min: 0 },
    yAxis: {
      gridIndex,
      type: "category",
      inverse: true,
      data: measured.map(({ competitor }) => competitor),
      axisTick: { show: false },
      axisLine: { show: false },
      axisLabel: { color: ink, fontSize: 12 },
    },
    series: {
      type: "bar",
      xAxisIndex: gridIndex,
      yAxisIndex: gridIndex,
      barWidth: barHeight - 7,
      data: measured.map((each) => {
        const value = summaryOf(each, metric).median;
        return {
          value: Math.max(0, value),
          itemStyle: { color: colours[each.competitor] ?? otherColour },
          label: {
            show: true,
            position: "right",
            color: ink,
            fontSize: 12,
            formatter: formatValue(value, metric.unit),
          },
        };
      }),
    },
  };
}
