import type { ObjectReport } from "../../../src/workbench/control-protocol.js";

/** What a `ReconnectingWebSocket` is about, as its events tell it. */
export interface ReconnectingPhase {
  readonly name: "connecting" | "up" | "waiting" | "closed";
  /** When it began: milliseconds since 1970. */
  readonly since: number;
  /** While waiting: when the next attempt begins. */
  readonly until?: number;
  /** The number of the attempt that is under way or comes next. */
  readonly attempt: number;
  /** How many connections there have been. */
  readonly connections: number;
  /** Which phases there have been, and how it came here. */
  readonly reached: ReadonlySet<ReconnectingPhase["name"]>;
  readonly before?: ReconnectingPhase["name"];
}

/** The phase after a report; `undefined` before the object is there. To be folded over all reports in their order. */
export function phaseAfter(
  phase: ReconnectingPhase | undefined,
  { what, time, fields, properties }: ObjectReport,
): ReconnectingPhase | undefined {
  if (phase === undefined || what === "construct") return first(time);
  if (properties.readyState === 3) return phase.name === "closed" ? phase : next(phase, "closed", time);
  switch (what) {
    case "open":
    case "up":
      if (phase.name === "up") return phase;
      return { ...next(phase, "up", time), attempt: 1, connections: phase.connections + 1 };
    case "down":
      return next(phase, "waiting", time);
    case "reconnecting": {
      const { attempt, delay } = fields;
      return {
        ...next(phase, "waiting", time),
        attempt: typeof attempt === "number" ? attempt : phase.attempt + 1,
        until: time + (typeof delay === "number" ? delay : 0),
      };
    }
    default:
      return phase;
  }
}

/** The phase at a moment: nothing is told when a delay is over and the attempt begins. */
export function phaseAt(phase: ReconnectingPhase, now: number): ReconnectingPhase {
  if (phase.name !== "waiting" || phase.until === undefined || now < phase.until) return phase;
  return next(phase, "connecting", phase.until);
}

function first(time: number): ReconnectingPhase {
  return { name: "connecting", since: time, attempt: 1, connections: 0, reached: new Set(["connecting"]) };
}

function next(phase: ReconnectingPhase, name: ReconnectingPhase["name"], time: number): ReconnectingPhase {
  const { until: _over, ...rest } = phase;
  const before = phase.name === name ? phase.before : phase.name;
  return {
    ...rest,
    name,
    since: time,
    reached: new Set([...phase.reached, name]),
    ...(before === undefined ? {} : { before }),
  };
}
