import type { FaultyLine } from "../line/line.js";
import { applyFault } from "./apply-fault.js";
import type { Fault, FaultState } from "./control-protocol.js";
import { afterFault, healthy } from "./fault-state.js";

/** A line with what is wrong with it at the moment. */
export class LineFaults {
  readonly #line: FaultyLine;
  readonly #onChange: (state: FaultState) => void;
  #state = healthy;

  constructor(line: FaultyLine, onChange: (state: FaultState) => void) {
    this.#line = line;
    this.#onChange = onChange;
  }

  get state(): FaultState {
    return this.#state;
  }

  apply(fault: Exclude<Fault, { kind: "restart-server" }>): void {
    applyFault(this.#line, fault);
    const state = afterFault(this.#state, fault);
    if (state === this.#state) return;
    this.#state = state;
    this.#onChange(state);
  }
}
