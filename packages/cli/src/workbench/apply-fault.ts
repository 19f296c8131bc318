import type { FaultyLine } from "../line/line.js";
import type { Fault } from "./control-protocol.js";

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
