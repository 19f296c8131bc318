import type { Session } from "../store/session.js";
import { formatDuration, formatTime } from "../texts/format.js";
import { texts } from "../texts/texts.js";
import { stateNames } from "./state-names.js";

/** The states, the present one lit, and the time of each change. */
export function States({ session }: { readonly session: Session }) {
  // Read for the component to be drawn anew.
  session.reports.version.value;
  const changes = session.reports.stateChanges;
  const current = changes.at(-1)?.readyState;
  return (
    <ol class="states" aria-label={texts.value.diagram.title}>
      {stateNames.map((name, state) => {
        const change = changes.findLast(({ readyState }) => readyState === state);
        const start = changes[0]?.time ?? 0;
        return (
          <li key={name} data-state={state} data-current={state === current} data-reached={change !== undefined}>
            <span class="states-name">{name}</span>
            <span class="states-time">{change ? formatTime(change.time) : ""}</span>
            <span class="states-time">{change && state > 0 ? `+${formatDuration(change.time - start)}` : ""}</span>
          </li>
        );
      })}
    </ol>
  );
}
