import { Icon } from "../shell/icon.js";
import { layout } from "../shell/layout.js";
import type { Session } from "../store/session.js";
import { useStore } from "../store/store.js";
import { texts } from "../texts/texts.js";
import { ReconnectingDiagram } from "../widgets/reconnecting-diagram.js";
import { StateDiagram } from "../widgets/state-diagram.js";
import { EventList } from "./event-list.js";
import { Properties } from "./properties.js";
import { StateTag } from "./state-tag.js";
import "./object-panel.css";

/** The objects, live: their states, their properties, what happens to them. */
export function ObjectPanel() {
  const { object } = texts.value;
  const sessions = useStore().sessions.value;
  if (sessions.length === 0) {
    return (
      <div class="panel stack">
        <p class="soft">{object.none}</p>
        <StateDiagram changes={[]} />
      </div>
    );
  }
  return (
    <div class="object" data-sessions={sessions.length}>
      <div class="object-columns object-diagrams">
        {sessions.map((session) => (
          <section class="object-column" key={session.id} aria-label={nameOf(session)}>
            <Heading session={session} />
            <Diagrams session={session} isCompact={sessions.length > 1 && layout.value !== "narrow"} />
          </section>
        ))}
      </div>
      <section class="object-part" aria-label={object.properties}>
        <h3 class="object-heading">{object.properties}</h3>
        <Properties sessions={sessions} />
      </section>
      <section class="object-part">
        <h3 class="object-heading">{object.log}</h3>
        <div class="object-columns">
          {sessions.map((session) => (
            <EventList key={session.id} session={session} label={`${object.log}: ${nameOf(session)}`} />
          ))}
        </div>
      </section>
    </div>
  );
}

/** The states; of a `ReconnectingWebSocket` what it does about the line, too. */
function Diagrams({ session, isCompact }: { readonly session: Session; readonly isCompact: boolean }) {
  const { reports, dial } = session;
  // Read for the component to be drawn anew.
  reports.version.value;
  return (
    <>
      {/* A copy: a component whose properties are the same as before isn't drawn anew. */}
      <StateDiagram changes={[...reports.stateChanges]} isCompact={isCompact} />
      {dial.reconnecting && reports.phase && (
        <>
          <div class="object-subtitle">
            <h3 class="grow">{texts.value.diagram.reconnectingTitle}</h3>
            {reports.latest?.properties.readyState !== 3 && (
              <button type="button" class="quiet" onClick={() => session.reconnect()}>
                {texts.value.object.reconnectNow}
              </button>
            )}
          </div>
          <ReconnectingDiagram phase={reports.phase} isCompact={isCompact} />
        </>
      )}
    </>
  );
}

function nameOf(session: Session): string {
  return texts.value.connect[session.through];
}

function Heading({ session }: { readonly session: Session }) {
  const { object, connect } = texts.value;
  const { sessions } = useStore();
  // Read for the component to be drawn anew.
  session.reports.version.value;
  const state = session.reports.latest?.properties.readyState;
  return (
    <div class="object-title">
      <h2 class="grow">
        {sessions.value.length > 1 ? connect.short[session.through] : nameOf(session)}
        <small>{session.dial.reconnecting ? "ReconnectingWebSocket" : "WebSocket"}</small>
      </h2>
      <StateTag state={state} />
      <button
        type="button"
        class="quiet"
        aria-label={object.forget}
        title={object.forget}
        onClick={() => {
          sessions.value = sessions.value.filter((other) => other !== session);
          session.forget().catch(() => {
            // A server that has gone has none of it any more.
          });
        }}
      >
        <Icon name="close" size={14} />
      </button>
    </div>
  );
}
