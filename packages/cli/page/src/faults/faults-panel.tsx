import type { Fault, FaultState, FaultTarget } from "../../../src/workbench/control-protocol.js";
import { healthy } from "../../../src/workbench/fault-state.js";
import type { Store } from "../store/store.js";
import { useStore } from "../store/store.js";
import { FaultPanel } from "../widgets/fault-panel.js";

/** Faults on all lines: both objects are to meet the same. */
export function FaultsPanel() {
  const store = useStore();
  const { hello, control, isServerUp, script } = store;
  const isInspecting = hello.value?.mode === "inspect";
  const target: FaultTarget = { all: true };
  return (
    <div class="panel">
      <FaultPanel
        hasLine={isInspecting || store.sessions.value.length > 0}
        state={stateOf(store)}
        isServerUp={isInspecting ? undefined : isServerUp.value}
        script={script.value}
        onFault={async (fault: Fault) => {
          await control.request({ type: "fault", target, fault });
        }}
        onScript={async (text) => {
          await control.request({ type: "fault-script", target, script: text });
        }}
        onStop={() => {
          control.request({ type: "stop-script", target }).catch(() => {
            // A server that has gone runs no script.
          });
        }}
      />
    </div>
  );
}

/** The lines have the same faults, since all are set at once. */
function stateOf({ faults, sessions, hello }: Store): FaultState {
  const states = faults.value;
  if (hello.value?.mode === "inspect") return states.get(undefined) ?? healthy;
  for (const { id } of sessions.value) {
    const state = states.get(id);
    if (state !== undefined) return state;
  }
  return healthy;
}
