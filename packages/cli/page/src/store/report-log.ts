import type { ReadonlySignal } from "@preact/signals";
import type { ObjectReport } from "../../../src/workbench/control-protocol.js";
import { phaseAfter, type ReconnectingPhase } from "../widgets/reconnecting-phase.js";
import type { StateChange } from "../widgets/state-diagram.js";
import { FrameSignal } from "./frame-signal.js";

const maxReports = 20_000;
/** A ReconnectingWebSocket changes its state as often as it likes. */
const maxChanges = 1000;

/** What one object did: the latest 20,000 reports, and each change of its state. Outside of the signals, as `WireLog`. */
export class ReportLog {
  readonly #ring: (ObjectReport | undefined)[] = [];
  readonly #changes = new FrameSignal();
  readonly #stateChanges: StateChange[] = [];
  #latest: ObjectReport | undefined;
  #phase: ReconnectingPhase | undefined;
  #first = 0;
  #end = 0;

  get version(): ReadonlySignal<number> {
    return this.#changes.version;
  }

  get first(): number {
    return this.#first;
  }

  get end(): number {
    return this.#end;
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

  at(index: number): ObjectReport | undefined {
    if (index < this.#first || index >= this.#end) return undefined;
    return this.#ring[index % maxReports];
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
    if (report.what !== "sample") {
      if (this.#end - this.#first === maxReports) this.#first++;
      this.#ring[this.#end++ % maxReports] = report;
    }
    this.#changes.touch();
  }
}
