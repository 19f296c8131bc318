/** The phases of a ReconnectingWebSocket as docs/reconnecting-states.svg draws them. */

interface Box {
  readonly name: string;
  readonly about: string;
  readonly readyState: "CONNECTING" | "OPEN" | "CLOSING" | "CLOSED";
  readonly x: number;
  readonly y: number;
}

interface Arrow {
  readonly from: string;
  readonly to: string;
  readonly label: string;
  /** How far the line is bent aside, so that two arrows between the same boxes can be told apart. */
  readonly bend?: number;
}

const width = 168;
const height = 56;

const boxes: readonly Box[] = [
  { name: "Waiting", about: "a delay runs", readyState: "CONNECTING", x: 40, y: 60 },
  { name: "Attempting", about: "URL, handshake", readyState: "CONNECTING", x: 380, y: 60 },
  { name: "Replacing", about: "the old one closes", readyState: "CONNECTING", x: 40, y: 240 },
  { name: "Opening", about: "onOpen at work", readyState: "OPEN", x: 720, y: 60 },
  { name: "Up", about: "messages go out", readyState: "OPEN", x: 720, y: 240 },
  { name: "Suspended", about: "the page is offline", readyState: "OPEN", x: 720, y: 420 },
  { name: "Closing", about: "for good", readyState: "CLOSING", x: 380, y: 420 },
  { name: "Over", about: "nothing is left", readyState: "CLOSED", x: 40, y: 420 },
];

const arrows: readonly Arrow[] = [
  { from: "Waiting", to: "Attempting", label: "delay over, reconnect(), online", bend: -22 },
  { from: "Attempting", to: "Waiting", label: "failed: reconnecting", bend: -22 },
  { from: "Attempting", to: "Opening", label: "open" },
  { from: "Opening", to: "Up", label: "up" },
  { from: "Up", to: "Suspended", label: "down", bend: -34 },
  { from: "Suspended", to: "Up", label: "a frame: up", bend: -34 },
  { from: "Up", to: "Waiting", label: "ended, or dead: down, reconnecting" },
  { from: "Up", to: "Replacing", label: "reconnect(), pagehide" },
  { from: "Suspended", to: "Replacing", label: "online, but no way to ask" },
  { from: "Replacing", to: "Waiting", label: "down, reconnecting (no delay)" },
  { from: "Up", to: "Closing", label: "close()" },
  { from: "Closing", to: "Over", label: "close" },
];

const colours = { CONNECTING: "#fff3cd", OPEN: "#d6f0dc", CLOSING: "#fbe0dd", CLOSED: "#e4e6ea" };

function boxNamed(name: string): Box {
  const box = boxes.find((each) => each.name === name);
  if (box === undefined) throw new TypeError(`There is no box ${name}`);
  return box;
}

/** Where the line from the middle of `box` towards a point leaves the box. */
function edge({ x, y }: Box, towardsX: number, towardsY: number): [number, number] {
  const [middleX, middleY] = [x + width / 2, y + height / 2];
  const [dx, dy] = [towardsX - middleX, towardsY - middleY];
  const scale = Math.min(width / 2 / Math.abs(dx || 1e-9), height / 2 / Math.abs(dy || 1e-9));
  return [Math.round(middleX + dx * scale), Math.round(middleY + dy * scale)];
}

function drawArrow({ from, to, label, bend = 0 }: Arrow): string {
  const [start, end] = [boxNamed(from), boxNamed(to)];
  const [dx, dy] = [end.x - start.x, end.y - start.y];
  const length = Math.hypot(dx, dy);
  const middleX = (start.x + end.x + width) / 2 - (dy / length) * bend * 2;
  const middleY = (start.y + end.y + height) / 2 + (dx / length) * bend * 2;
  const [x1, y1] = edge(start, middleX, middleY);
  const [x2, y2] = edge(end, middleX, middleY);
  // A quadratic curve passes half-way to its control point.
  const labelX = Math.round((x1 + x2 + 2 * middleX) / 4);
  const labelY = Math.round((y1 + y2 + 2 * middleY) / 4) - 5;
  return [
    `<path d="M${x1} ${y1} Q${Math.round(middleX)} ${Math.round(middleY)} ${x2} ${y2}" marker-end="url(#head)"/>`,
    `<text class="label" x="${labelX}" y="${labelY}">${label}</text>`,
  ].join("\n");
}

function drawBox({ name, about, readyState, x, y }: Box): string {
  const middle = x + width / 2;
  return [
    `<rect x="${x}" y="${y}" width="${width}" height="${height}" rx="8" fill="${colours[readyState]}"/>`,
    `<text class="name" x="${middle}" y="${y + 24}">${name}</text>`,
    `<text x="${middle}" y="${y + 43}">${about}</text>`,
  ].join("\n");
}

/** The picture, as the text of an SVG. */
export function drawStates(): string {
  const legend = Object.entries(colours).map(([readyState, colour], index) => {
    const x = 40 + index * 170;
    return `<rect x="${x}" y="530" width="18" height="18" rx="4" fill="${colour}"/>
<text class="legend" x="${x + 26}" y="544">${readyState}</text>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 930 570" font-family="sans-serif" font-size="13">
<title>The states of a ReconnectingWebSocket</title>
<style>
text { text-anchor: middle; fill: #24292f }
.name { font-weight: bold; font-size: 15px }
.label { paint-order: stroke; stroke: white; stroke-width: 5px }
.legend { text-anchor: start }
rect { stroke: #57606a }
path { fill: none; stroke: #57606a }
</style>
<marker id="head" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="8" markerHeight="8" orient="auto">
<path d="M0 0 L10 5 L0 10 z" style="fill: #57606a"/>
</marker>
<rect width="930" height="570" style="fill: white; stroke: none"/>
${arrows.map(drawArrow).join("\n")}
${boxes.map(drawBox).join("\n")}
<text x="465" y="505">Opening and Suspended end as Up does. close() leads to Closing from every state, a failure that is no use to repeat to Over.</text>
${legend.join("\n")}
</svg>
`;
}
