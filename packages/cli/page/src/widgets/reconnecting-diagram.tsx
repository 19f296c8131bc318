import { useEffect, useState } from "preact/hooks";
import { formatDuration, formatTime } from "../texts/format.js";
import { texts } from "../texts/texts.js";
import { type Corner, Diagram, type DiagramEdge, type DiagramNode } from "./diagram.js";
import { phaseAt, type ReconnectingPhase } from "./reconnecting-phase.js";

const names = ["connecting", "up", "closed", "waiting"] as const;
const tones = { connecting: "connecting", up: "open", closed: "closed", waiting: "closing" } as const;

/** The phases of a `ReconnectingWebSocket`, with the time until its next attempt. */
export function ReconnectingDiagram({
  phase: told,
  isCompact = false,
}: {
  readonly phase: ReconnectingPhase;
  /** For half of the room. */
  readonly isCompact?: boolean;
}) {
  const { diagram } = texts.value;
  const now = useClock(told.until);
  const phase = phaseAt(told, now);

  const nodes = names.map((name, corner): DiagramNode => {
    const isCurrent = phase.name === name;
    return {
      corner: corner as Corner,
      name: diagram.phases[name],
      note: isCurrent ? formatTime(phase.since) : diagram.phaseHints[name],
      detail: isCurrent ? detailOf(phase, now) : "",
      tone: tones[name],
      isCurrent,
      wasReached: phase.reached.has(name),
      children: isCurrent && name === "waiting" ? <Remaining phase={phase} now={now} /> : null,
    };
  });

  const edge = (from: Corner, to: Corner, label: string, isPaired = false): DiagramEdge => ({
    from,
    to,
    label,
    isPaired,
    wasTaken: phase.before === names[from] && phase.name === names[to],
  });
  const edges = [
    edge(0, 1, "open, up"),
    edge(1, 3, diagram.down),
    edge(3, 0, diagram.delayOver, true),
    edge(0, 3, diagram.failed, true),
    edge(1, 2, diagram.closes),
    edge(3, 2, diagram.closes),
    edge(0, 2, diagram.closes),
  ];

  const label = [
    diagram.reconnectingTitle,
    diagram.current(diagram.phases[phase.name]),
    diagram.ups(phase.connections),
  ].join(". ");
  return <Diagram label={`${label}.`} nodes={nodes} edges={edges} isCompact={isCompact} />;
}

function detailOf(phase: ReconnectingPhase, now: number): string {
  const { diagram } = texts.value;
  if (phase.name === "connecting") return diagram.attempt(phase.attempt);
  if (phase.name === "up") return diagram.ups(phase.connections);
  if (phase.name === "waiting" && phase.until !== undefined) {
    return formatDuration(Math.max(0, Math.ceil((phase.until - now) / 100) * 100));
  }
  return "";
}

/** A bar that runs empty. */
function Remaining({ phase, now }: { readonly phase: ReconnectingPhase; readonly now: number }) {
  if (phase.until === undefined) return null;
  const share = Math.max(0, Math.min(1, (phase.until - now) / Math.max(1, phase.until - phase.since)));
  return (
    <>
      <rect class="diagram-bar-back" x="-52" y="27" width="104" height="3" rx="1.5" />
      <rect class="diagram-bar" x="-52" y="27" width={104 * share} height="3" rx="1.5" />
    </>
  );
}

/** The time, ten times a second until `until`; it stands still otherwise. */
function useClock(until: number | undefined): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    setNow(Date.now());
    if (until === undefined) return;
    const timer = setInterval(() => {
      setNow(Date.now());
      if (Date.now() >= until) clearInterval(timer);
    }, 100);
    return () => clearInterval(timer);
  }, [until]);
  return now;
}
