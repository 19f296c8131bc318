import { useEffect } from "preact/hooks";
import { stateNames } from "../object/state-names.js";
import { StateTag } from "../object/state-tag.js";
import { announce } from "../shell/announcer.js";
import type { Session } from "../store/session.js";
import { useStore } from "../store/store.js";
import { texts } from "../texts/texts.js";

/** How far the objects are, in a line each; changes are announced. */
export function SessionStates() {
  const { sessions } = useStore();
  if (sessions.value.length === 0) return null;
  return (
    <ul class="session-states">
      {sessions.value.map((session) => (
        <State key={session.id} session={session} />
      ))}
    </ul>
  );
}

function State({ session }: { readonly session: Session }) {
  const { connect, object } = texts.value;
  // Read for the component to be drawn anew.
  session.reports.version.value;
  const state = session.reports.latest?.properties.readyState;
  const name = connect[session.through];
  useEffect(() => {
    if (state !== undefined) announce(object.isNow(name, stateNames[state]));
  }, [state, name, object]);
  return (
    <li>
      <span class="grow soft">{name}</span>
      <StateTag state={state} />
    </li>
  );
}
