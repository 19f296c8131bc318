import { useEffect, useRef } from "preact/hooks";
import type { Recording } from "../store/recording.js";
import { useStore } from "../store/store.js";
import { texts } from "../texts/texts.js";
import { Detail } from "./detail.js";
import { changeFilter, filter, isOpen, selected, startOver } from "./line-state.js";
import { RowList } from "./row-list.js";
import { Toolbar } from "./toolbar.js";
import "./line-panel.css";

/** The recording that was shown last: the panel comes and goes with its tab. */
let last: Recording | undefined;

/** The line: everything that passed, both ways, and the chosen entry in full. */
export function LinePanel() {
  const { timeline } = texts.value;
  const { shown, sessions } = useStore();
  const recording = shown.value;
  const ids = sessions.value.map(({ id }) => id);
  useEffect(() => {
    if (last !== undefined && last !== recording) startOver();
    last = recording;
    const { session } = filter.value;
    if (session !== undefined && !ids.includes(session)) changeFilter({ session: undefined });
  });
  const list = useRef<HTMLDivElement>(null);
  const entry = selected.value === undefined ? undefined : recording.wire.at(selected.value);
  return (
    <section
      class="line"
      id="line"
      tabIndex={-1}
      aria-label={timeline.title}
      data-open={isOpen.value && entry !== undefined}
    >
      <Toolbar recording={recording} />
      <RowList recording={recording} scroller={list} />
      {isOpen.value && entry && (
        <Detail
          key={entry.sequence}
          entry={entry}
          onClose={() => {
            isOpen.value = false;
            list.current?.focus();
          }}
        />
      )}
    </section>
  );
}
