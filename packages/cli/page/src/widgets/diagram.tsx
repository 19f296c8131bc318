import type { ComponentChildren } from "preact";
import "./diagram.css";

// Four states at the corners of a square and what leads from one to the other. A square stays readable in 320 pixels.

/** Corners, clockwise from the top left. */
export type Corner = 0 | 1 | 2 | 3;

export interface DiagramNode {
  readonly corner: Corner;
  readonly name: string;
  /** The second line: a number, a hint. */
  readonly note: string;
  /** The third line: when, how long. */
  readonly detail: string;
  /** Chooses the colour. */
  readonly tone: "connecting" | "open" | "closing" | "closed";
  readonly isCurrent: boolean;
  readonly wasReached: boolean;
  readonly children?: ComponentChildren;
}

export interface DiagramEdge {
  readonly from: Corner;
  readonly to: Corner;
  /** Shown beside a side of the square; diagonals have it as a tooltip only. */
  readonly label: string;
  /** The way that the object has taken. */
  readonly wasTaken: boolean;
  /** There is an edge the other way, too: both keep apart. */
  readonly isPaired?: boolean;
}

/** A diagram's measures, in units that are pixels where there is room for all of them. */
interface Measures {
  readonly width: number;
  readonly nodeWidth: number;
}

const height = 216;
const nodeHeight = 66;
const margin = 2;
const roomy: Measures = { width: 352, nodeWidth: 128 };
/** Half as wide as the screen of a telephone: the states stand closer, and what is between them is a tooltip. */
const compact: Measures = { width: 262, nodeWidth: 122 };

function centreOf(corner: Corner, { width, nodeWidth }: Measures): Point {
  const isLeft = corner === 0 || corner === 3;
  const isUpper = corner < 2;
  return {
    x: isLeft ? margin + nodeWidth / 2 : width - margin - nodeWidth / 2,
    y: isUpper ? margin + nodeHeight / 2 : height - margin - nodeHeight / 2,
  };
}

export function Diagram({
  label,
  nodes,
  edges,
  isCompact,
}: {
  /** Read out in place of the picture. */
  readonly label: string;
  readonly nodes: readonly DiagramNode[];
  readonly edges: readonly DiagramEdge[];
  readonly isCompact: boolean;
}) {
  const measures = isCompact ? compact : roomy;
  return (
    <svg
      class="diagram"
      viewBox={`0 0 ${measures.width} ${height}`}
      role="img"
      aria-label={label}
      data-compact={isCompact}
    >
      {edges.map((edge) => (
        <Edge key={`${edge.from}${edge.to}`} {...edge} measures={measures} />
      ))}
      {/* Words after lines, for none to be crossed. */}
      {edges.map((edge) => (
        <EdgeLabel key={`${edge.from}${edge.to}`} {...edge} measures={measures} />
      ))}
      {nodes.map((node) => (
        <Node key={node.corner} {...node} measures={measures} />
      ))}
    </svg>
  );
}

interface InMeasures {
  readonly measures: Measures;
}

function Node({
  corner,
  name,
  note,
  detail,
  tone,
  isCurrent,
  wasReached,
  children,
  measures,
}: DiagramNode & InMeasures) {
  const { x, y } = centreOf(corner, measures);
  const { nodeWidth } = measures;
  const state = isCurrent ? "is-current" : wasReached ? "was-reached" : "not-reached";
  return (
    <g
      class={`diagram-node tone-${tone} ${state}`}
      data-state={name}
      data-current={isCurrent}
      transform={`translate(${x} ${y})`}
    >
      <rect x={-nodeWidth / 2} y={-nodeHeight / 2} width={nodeWidth} height={nodeHeight} rx="10" />
      <text class="diagram-name" y="-12">
        {name}
      </text>
      <text class="diagram-note" y="5">
        {note}
      </text>
      <text class="diagram-detail" y="22">
        {detail}
      </text>
      {children}
    </g>
  );
}

function Edge({ from, to, label, wasTaken, isPaired = false, measures }: DiagramEdge & InMeasures) {
  const { start, end } = route(from, to, isPaired, measures);
  const angle = (Math.atan2(end.y - start.y, end.x - start.x) * 180) / Math.PI;
  return (
    <g class={wasTaken ? "diagram-edge was-taken" : "diagram-edge"}>
      <title>{label}</title>
      <path d={`M${start.x} ${start.y} L${end.x} ${end.y}`} />
      <path
        class="diagram-head"
        d="M-8 -4 L0 0 L-8 4 z"
        transform={`translate(${end.x} ${end.y}) rotate(${angle})`}
      />
    </g>
  );
}

function EdgeLabel({ from, to, label, wasTaken, isPaired = false, measures }: DiagramEdge & InMeasures) {
  const { text } = route(from, to, isPaired, measures);
  if (text === undefined) return null;
  return (
    <text
      class={wasTaken ? "diagram-label was-taken" : "diagram-label"}
      x={text.x}
      y={text.y}
      text-anchor={text.anchor}
    >
      {label}
    </text>
  );
}

interface Point {
  readonly x: number;
  readonly y: number;
}

interface Route {
  readonly start: Point;
  readonly end: Point;
  readonly text?: Point & { readonly anchor: "start" | "middle" | "end" };
}

function route(from: Corner, to: Corner, isPaired: boolean, measures: Measures): Route {
  const { x: fromX, y: fromY } = centreOf(from, measures);
  const { x: toX, y: toY } = centreOf(to, measures);
  const { nodeWidth } = measures;
  const signX = Math.sign(toX - fromX);
  const signY = Math.sign(toY - fromY);
  const gap = 2;
  if (signY === 0) {
    const start = { x: fromX + (signX * nodeWidth) / 2, y: fromY };
    const end = { x: toX - signX * (nodeWidth / 2 + gap), y: toY };
    if (Math.abs(end.x - start.x) < 60) return { start, end };
    return { start, end, text: { x: (start.x + end.x) / 2, y: fromY - 7, anchor: "middle" } };
  }
  if (signX === 0) {
    // Of two that go both ways each keeps to its right.
    const x = fromX - (isPaired ? signY * 18 : 0);
    const start = { x, y: fromY + (signY * nodeHeight) / 2 };
    const end = { x, y: toY - signY * (nodeHeight / 2 + gap) };
    const y = (start.y + end.y) / 2 + 4;
    const isLeft = isPaired && signY > 0;
    return { start, end, text: isLeft ? { x: x - 7, y, anchor: "end" } : { x: x + 7, y, anchor: "start" } };
  }
  const inset = nodeWidth / 2 - 22;
  return {
    start: { x: fromX + signX * inset, y: fromY + (signY * nodeHeight) / 2 },
    end: { x: toX - signX * inset, y: toY - signY * (nodeHeight / 2 + gap) },
  };
}
