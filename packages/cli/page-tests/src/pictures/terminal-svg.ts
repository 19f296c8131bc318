import type { RecordedScreen, Span } from "./terminal-recording.js";

const cell = { width: 8.43, height: 20 };
const padding = 16;
const bar = 34;

/** The sixteen colours, for a light ground and for a dark one. */
const palette: readonly (readonly [light: string, dark: string])[] = [
  ["#24292f", "#8b949e"],
  ["#c2293b", "#ff8a92"],
  ["#11703f", "#4fcf9f"],
  ["#855300", "#f0b455"],
  ["#2456d6", "#86adff"],
  ["#7638bd", "#c49cff"],
  ["#0b6b80", "#66cfe0"],
  ["#57606a", "#c9d1d9"],
  ["#6b7480", "#9aa6b8"],
  ["#c2293b", "#ff8a92"],
  ["#11703f", "#4fcf9f"],
  ["#855300", "#f0b455"],
  ["#2456d6", "#86adff"],
  ["#7638bd", "#c49cff"],
  ["#0b6b80", "#66cfe0"],
  ["#24292f", "#ffffff"],
];

/**
 * A recording as a picture: each row comes when it came. In the end it stays for a while, and begins anew. Whoever wants
 * no motion sees the end. Light or dark as the reader's system is.
 */
export function terminalSvg(title: string, { columns, rows, duration }: RecordedScreen): string {
  const width = Math.ceil(columns * cell.width + 2 * padding);
  const height = bar + rows.length * cell.height + padding;
  const whole = duration + 5000;
  const steps = rows.map(({ time }) => Math.round((time / whole) * 1000) / 10);
  const used = new Set(
    rows.flatMap(({ spans }) => spans.flatMap(({ colour }) => (colour === undefined ? [] : [colour]))),
  );
  const colours = (which: 0 | 1) =>
    [...used].map((colour) => `.c${colour}{fill:${palette[colour]?.[which] ?? "gray"}}`).join("");
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}">`,
    `<title>${escaped(title)}</title>`,
    "<style>",
    "text{font:14px ui-monospace,'SF Mono','Cascadia Mono',Menlo,Consolas,'DejaVu Sans Mono',monospace;white-space:pre;fill:#24292f}",
    `.ground{fill:#fff;stroke:#d0d7de}.bar{fill:#f3f5f8}.dot{fill:#d0d7de}.b{font-weight:700}.d{opacity:.7}${colours(0)}`,
    `@media(prefers-color-scheme:dark){text{fill:#e4e9f1}.ground{fill:#0e1116;stroke:#2a313d}.bar{fill:#151920}.dot{fill:#323a46}${colours(1)}}`,
    "@media(prefers-reduced-motion:no-preference){",
    ...[...new Set(steps)].map((step) => {
      const name = className(step);
      return `.${name}{animation:${name} ${Math.round(whole)}ms infinite}@keyframes ${name}{0%,${step}%{visibility:hidden}${(step + 0.1).toFixed(1)}%,100%{visibility:visible}}`;
    }),
    "}",
    "</style>",
    `<rect class="ground" x=".5" y=".5" width="${width - 1}" height="${height - 1}" rx="8"/>`,
    `<path class="bar" d="M1 9a8 8 0 0 1 8-8h${width - 18}a8 8 0 0 1 8 8v${bar - 18}H1z"/>`,
    ...[20, 38, 56].map((x) => `<circle class="dot" cx="${x}" cy="13" r="5.5"/>`),
    ...rows.map(({ spans }, row) => {
      const y = bar + row * cell.height + 14;
      return `<g class="${className(steps[row] ?? 0)}">${spans.map((span) => textOf(span, y)).join("")}</g>`;
    }),
    "</svg>",
    "",
  ].join("\n");
}

function textOf({ text, column, width, colour, isBold, isDim }: Span, y: number): string {
  const kept = text.trimEnd();
  const start = kept.length - kept.trimStart().length;
  const classes = [colour === undefined ? "" : `c${colour}`, isBold ? "b" : "", isDim ? "d" : ""].filter(
    (name) => name !== "",
  );
  const x = (padding + (column + start) * cell.width).toFixed(1);
  const length = ((width - (text.length - kept.length) - start) * cell.width).toFixed(1);
  const attributes = classes.length > 0 ? ` class="${classes.join(" ")}"` : "";
  // Whatever font there is, a cell is as wide as another.
  return `<text${attributes} x="${x}" y="${y}" textLength="${length}" lengthAdjust="spacingAndGlyphs">${escaped(kept.trimStart())}</text>`;
}

function className(step: number): string {
  return `t${Math.round(step * 10)}`;
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
