import type { ObjectReport } from "../../../src/workbench/control-protocol.js";
import { phaseAfter, type ReconnectingPhase } from "../widgets/reconnecting-phase.js";
import type { StateChange } from "../widgets/state-diagram.js";
import { RecentLog } from "./recent-log.js";

const maxReports = 20_000;
/** A ReconnectingWebSocket changes its state as often as it likes. */
const maxChanges = 1000;

/** What one object did: the latest 20,000 reports, and each change of its state. */
export class ReportLog extends RecentLog<ObjectReport> {
  readonly #stateChanges: StateChange[] = [];
  #latest: ObjectReport | undefined;
  #phase: ReconnectingPhase | undefined;

  constructor() {
    super(maxReports);
  }

  /** The object's state as last heard of. */
  get latest(): ObjectReport | undefined {
    return this.#latest;
  }

  /** In the order of time; the first is that of the construction. */
  get stateChanges(): readonly StateChange[] {
    return this.#stateChanges;
  }

  /** What a `ReconnectingWebSocket` is at. */
  get phase(): ReconnectingPhase | undefined {
    return this.#phase;
  }

  push(report: ObjectReport): void {
    const { readyState } = report.properties;
    if (this.#stateChanges.at(-1)?.readyState !== readyState) {
      this.#stateChanges.push({ readyState, time: report.time });
      if (this.#stateChanges.length > maxChanges) this.#stateChanges.splice(1, 1);
    }
    this.#latest = report;
    this.#phase = phaseAfter(this.#phase, report);
    // A sample tells no more than the properties.
    if (report.what !== "sample") this.append(report);
    this.touch();
  }
}
