import { formatDuration, formatTime } from "../texts/format.js";
import { texts } from "../texts/texts.js";
import { type Corner, Diagram, type DiagramEdge, type DiagramNode } from "./diagram.js";

/** The object had this state from then on. */
export interface StateChange {
  readonly readyState: 0 | 1 | 2 | 3;
  /** Milliseconds since 1970, with fractions. */
  readonly time: number;
}

const stateNames = ["CONNECTING", "OPEN", "CLOSING", "CLOSED"] as const;
const tones = ["connecting", "open", "closing", "closed"] as const;

/** The states of a `WebSocket`: the present one lit, the way it took, and when. @param changes in the order of time */
export function StateDiagram({
  changes,
  isCompact = false,
}: {
  readonly changes: readonly StateChange[];
  /** For half of the room. */
  readonly isCompact?: boolean;
}) {
  const { diagram } = texts.value;
  const current = changes.at(-1)?.readyState;
  const start = changes[0]?.time;

  const nodes = stateNames.map((name, state): DiagramNode => {
    const change = changes.findLast(({ readyState }) => readyState === state);
    const detail =
      change === undefined || start === undefined
        ? ""
        : change.time === start
          ? diagram.constructed
          : `+${formatDuration(change.time - start)}`;
    return {
      corner: state as Corner,
      name,
      note: change === undefined ? String(state) : `${state} · ${formatTime(change.time)}`,
      detail,
      tone: tones[state] ?? "closed",
      isCurrent: state === current,
      wasReached: change !== undefined,
    };
  });

  const edges = edgesOf(diagram).map(
    (edge): DiagramEdge => ({
      ...edge,
      wasTaken: changes.some(
        ({ readyState }, index) => readyState === edge.to && changes[index - 1]?.readyState === edge.from,
      ),
    }),
  );

  const spoken = [
    diagram.title,
    current === undefined ? diagram.notYet : diagram.current(stateNames[current]),
    ...changes.map(({ readyState, time }) => `${stateNames[readyState]} ${diagram.at(formatTime(time))}`),
  ];
  return <Diagram label={`${spoken.join(". ")}.`} nodes={nodes} edges={edges} isCompact={isCompact} />;
}

function edgesOf(diagram: typeof texts.value.diagram): readonly Omit<DiagramEdge, "wasTaken">[] {
  return [
    { from: 0, to: 1, label: diagram.opens },
    { from: 1, to: 2, label: diagram.closes },
    { from: 2, to: 3, label: diagram.closed },
    { from: 0, to: 3, label: diagram.fails },
    { from: 0, to: 2, label: diagram.closes },
    { from: 1, to: 3, label: diagram.closed },
  ];
}
