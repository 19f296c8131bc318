import { Icon } from "../shell/icon.js";
import { Segments } from "../shell/segments.js";
import type { Recording } from "../store/recording.js";
import { useStore } from "../store/store.js";
import { texts } from "../texts/texts.js";
import { type Kind, kinds } from "./filter.js";
import { changeFilter, filter, pausedAt } from "./line-state.js";

/** Search, filters, pause. */
export function Toolbar({ recording }: { readonly recording: Recording }) {
  const { timeline, recordings } = texts.value;
  const store = useStore();
  const { query, direction } = filter.value;
  const isPaused = pausedAt.value !== undefined;
  return (
    <search class="line-tools" aria-label={timeline.filter}>
      {recording.name !== undefined && (
        <p class="line-recording">
          <Icon name="recordings" size={14} />
          <span class="grow">{timeline.loadedRecording(recording.name)}</span>
          <button type="button" class="button" onClick={() => store.closeRecording()}>
            {recordings.unload}
          </button>
        </p>
      )}
      <div class="line-search">
        <Icon name="search" size={14} />
        <input
          id="search"
          class="input"
          type="search"
          aria-label={timeline.search}
          placeholder={timeline.search}
          title={timeline.searchHint}
          value={query}
          onInput={(event) => changeFilter({ query: event.currentTarget.value })}
          onKeyDown={(event) => {
            if (event.key === "Escape" && query !== "") {
              event.stopPropagation();
              changeFilter({ query: "" });
            }
          }}
        />
      </div>
      <Segments
        label={timeline.direction}
        value={direction}
        onChange={(value) => changeFilter({ direction: value })}
        options={[
          { value: "both", label: "↑↓", name: timeline.both },
          { value: "sent", label: "↑", name: timeline.sent },
          { value: "received", label: "↓", name: timeline.received },
        ]}
      />
      <Kinds />
      <Objects />
      {recording.name !== undefined && <ConnectionChoice recording={recording} />}
      <div class="line-actions">
        <button
          type="button"
          class="quiet"
          aria-pressed={isPaused}
          aria-label={isPaused ? timeline.resume : timeline.pause}
          title={`${isPaused ? timeline.resume : timeline.pause} (P)`}
          onClick={() => togglePause(recording)}
        >
          <Icon name={isPaused ? "play" : "pause"} size={14} />
        </button>
        <button
          type="button"
          class="quiet"
          aria-label={timeline.clear}
          title={timeline.clear}
          disabled={recording.name !== undefined}
          onClick={() => store.clear()}
        >
          <Icon name="clear" size={14} />
        </button>
      </div>
    </search>
  );
}

export function togglePause(recording: Recording): void {
  pausedAt.value = pausedAt.value === undefined ? recording.wire.end : undefined;
}

function Kinds() {
  const { timeline } = texts.value;
  const toggle = (kind: Kind) => {
    const changed = new Set(filter.value.kinds);
    if (!changed.delete(kind)) changed.add(kind);
    changeFilter({ kinds: changed });
  };
  return (
    <fieldset class="line-kinds" aria-label={timeline.kind}>
      {kinds.map((kind) => (
        <button
          key={kind}
          type="button"
          class="line-kind"
          data-kind={kind}
          aria-pressed={filter.value.kinds.has(kind)}
          onClick={() => toggle(kind)}
        >
          {timeline[kind]}
        </button>
      ))}
    </fieldset>
  );
}

const all = "all";

/** Where two objects talk at once, the choice of one. */
function Objects() {
  const { timeline, connect } = texts.value;
  const { sessions } = useStore();
  if (sessions.value.length < 2) return null;
  const chosen = sessions.value.find(({ id }) => id === filter.value.session);
  return (
    <Segments
      label={timeline.object}
      value={chosen?.id ?? all}
      onChange={(value) => changeFilter({ session: value === all ? undefined : value })}
      options={[
        { value: all, label: connect.short.both, name: timeline.allObjects },
        ...sessions.value.map(({ id, through }) => ({
          value: id,
          label: connect.short[through],
          name: connect[through],
        })),
      ]}
    />
  );
}

/** The connections of a file. Those of an application stand in a list of their own. */
function ConnectionChoice({ recording }: { readonly recording: Recording }) {
  const { timeline } = texts.value;
  return (
    <select
      class="input line-connection"
      aria-label={timeline.connection}
      value={filter.value.connection ?? all}
      onChange={({ currentTarget: { value } }) =>
        changeFilter({ connection: value === all ? undefined : Number(value) })
      }
    >
      <option value={all}>{timeline.allConnections}</option>
      {recording.connections.all.map(({ connection, url }) => (
        <option key={connection} value={connection}>
          #{connection} {url}
        </option>
      ))}
    </select>
  );
}
