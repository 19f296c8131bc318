import { changeFilter } from "../line/line-state.js";
import type { ConnectionSummary } from "../store/connections.js";
import { useStore } from "../store/store.js";
import { formatCount, formatTime } from "../texts/format.js";
import { texts } from "../texts/texts.js";
import "./connection-list.css";

const most = 200;

/** The application's connections, the latest first: choose one, or all. */
export function ConnectionList() {
  const { timeline } = texts.value;
  const { shown } = useStore();
  const { connections } = shown.value;
  // Read for the component to be drawn anew.
  connections.version.value;
  const chosen = connections.chosen.value;
  const choose = (connection: number | undefined) => {
    connections.chosen.value = connection;
    changeFilter({ connection });
  };
  const latest = connections.all.slice(-most).reverse();
  return (
    <section class="connections" aria-label={timeline.connection}>
      <ul>
        <li>
          <button
            type="button"
            class="connection"
            aria-pressed={chosen === undefined}
            onClick={() => choose(undefined)}
          >
            <strong class="grow">{timeline.allConnections}</strong>
            <span class="soft">{formatCount(connections.count)}</span>
          </button>
        </li>
        {latest.map((summary) => (
          <li key={summary.connection}>
            <button
              type="button"
              class="connection"
              aria-pressed={chosen === summary.connection}
              onClick={() => choose(summary.connection)}
            >
              <Summary summary={summary} />
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Summary({ summary }: { readonly summary: ConnectionSummary }) {
  const { common } = texts.value;
  const { connection, url, status, began, end, sentMessages, receivedMessages } = summary;
  return (
    <>
      <span class="connection-title">
        <strong>#{connection}</strong>
        <span class="grow connection-url">{pathOf(url)}</span>
        <State status={status} end={end} />
      </span>
      <span class="connection-counts soft">
        <span class="grow">{formatTime(began)}</span>
        <span>
          <span aria-hidden="true">↑ </span>
          {formatCount(sentMessages)}
          <span class="unseen"> {common.sent}</span>
        </span>
        <span>
          <span aria-hidden="true">↓ </span>
          {formatCount(receivedMessages)}
          <span class="unseen"> {common.received}</span>
        </span>
      </span>
    </>
  );
}

function State({ status, end }: Pick<ConnectionSummary, "status" | "end">) {
  if (end) {
    return (
      <span class={end.wasClean ? "tag" : "tag failed"}>
        {end.code}
        <span class="unseen">
          {" "}
          {end.wasClean ? texts.value.timeline.clean : texts.value.timeline.unclean}
        </span>
      </span>
    );
  }
  if (status === undefined) return <StateName state={0} />;
  return status === 101 ? <StateName state={1} /> : <span class="tag failed">{status}</span>;
}

function StateName({ state }: { readonly state: 0 | 1 }) {
  return (
    <span class="tag" data-state={state}>
      {state === 0 ? "CONNECTING" : "OPEN"}
    </span>
  );
}

function pathOf(url: string): string {
  try {
    const { pathname, search } = new URL(url);
    return pathname + search;
  } catch {
    return url;
  }
}
