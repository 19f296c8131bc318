import type { FaultyLine } from "../line/line.js";
import type { Recorder } from "../recording/recorder.js";
import type { Fault } from "./control-protocol.js";

export type { FaultyLine, Line } from "../line/line.js";

/** What a line is opened with. */
export interface LineTarget {
  readonly url: string;
  /** Added to the requests. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** The only origins that browsers may come from. */
  readonly origins: readonly string[];
  readonly recorder: Recorder;
}

/** Does a fault, other than to the embedded server, to a line. */
export function applyFault(line: FaultyLine, fault: Exclude<Fault, { kind: "restart-server" }>): void {
  switch (fault.kind) {
    case "delay":
      line.delay(fault.milliseconds, fault.direction);
      break;
    case "throttle":
      line.throttle(fault.bytesPerSecond ?? Infinity, fault.direction);
      break;
    case "hold":
      line.hold(fault.direction);
      break;
    case "release":
      line.release(fault.direction);
      break;
    case "cut":
      line.cut();
      break;
    case "reset":
      line.reset();
      break;
    case "cut-inside-frame":
      line.cutInsideFrame();
      break;
    case "drop-handshakes":
      line.dropHandshakes();
      break;
    case "answer":
      line.answer(fault.status);
      break;
    case "heal":
      line.heal();
      break;
  }
}
