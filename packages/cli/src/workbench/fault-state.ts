import type { DirectionFaults, Fault, FaultState } from "./control-protocol.js";

// No Node module here: the page may use it, too.

const free: DirectionFaults = { delay: 0, bytesPerSecond: null, isHeld: false };

/** A line without faults. */
export const healthy: FaultState = { toServer: free, toClient: free, handshakes: "pass" };

/** What is on after a fault; those that pass in a moment change nothing. */
export function afterFault(state: FaultState, fault: Fault): FaultState {
  switch (fault.kind) {
    case "delay":
      return changed(state, fault, { delay: fault.milliseconds });
    case "throttle":
      return changed(state, fault, { bytesPerSecond: fault.bytesPerSecond });
    case "hold":
      return changed(state, fault, { isHeld: true });
    case "release":
      return changed(state, fault, { isHeld: false });
    case "drop-handshakes":
      return { ...state, handshakes: "drop" };
    case "answer":
      return { ...state, handshakes: fault.status };
    case "heal":
      return healthy;
    default:
      return state;
  }
}

function changed(
  state: FaultState,
  { direction }: Extract<Fault, { readonly direction: unknown }>,
  change: Partial<DirectionFaults>,
): FaultState {
  const { toServer, toClient } = state;
  return {
    ...state,
    toServer: direction === "to-client" ? toServer : { ...toServer, ...change },
    toClient: direction === "to-server" ? toClient : { ...toClient, ...change },
  };
}
