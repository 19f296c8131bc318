import type { HelloMessage } from "../../../src/workbench/control-protocol.js";
import { useStore } from "../store/store.js";

const dashes = ["2 4", undefined, "6 3", "1 15 1"] as const;

/** The name, and a line between two ends: in the state of the first object, or whether an application is connected. */
export function Wordmark({ mode }: { readonly mode: HelloMessage["mode"] | undefined }) {
  const { sessions, live } = useStore();
  const [session] = sessions.value;
  // Read for the component to be drawn anew.
  session?.reports.version.value;
  live.connections.version.value;
  const inspected = mode === "inspect" && live.connections.openCount > 0 ? 1 : 3;
  const state = session?.reports.latest?.properties.readyState ?? inspected;
  return (
    <h1 class="wordmark">
      <svg
        width="30"
        height="14"
        viewBox="0 0 30 14"
        fill="none"
        stroke="currentColor"
        data-state={state}
        aria-hidden="true"
      >
        <circle cx="4" cy="7" r="3" stroke-width="2" />
        <path d="M7 7h16" stroke-width="2" stroke-dasharray={dashes[state]} />
        <circle cx="26" cy="7" r="3" stroke-width="2" fill={state === 1 ? "currentColor" : "none"} />
      </svg>
      <span>
        openline <small>{mode ?? "workbench"}</small>
      </span>
    </h1>
  );
}
