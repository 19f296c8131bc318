import { useRef } from "preact/hooks";
import { useStore } from "../store/store.js";
import { texts } from "../texts/texts.js";
import { Detail } from "./detail.js";
import { isOpen, selected } from "./line-state.js";
import { RowList } from "./row-list.js";
import { Toolbar } from "./toolbar.js";
import "./line-panel.css";

/** The line: everything that passed, both ways, and the chosen entry in full. */
export function LinePanel() {
  const { timeline } = texts.value;
  const { shown } = useStore();
  const recording = shown.value;
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
