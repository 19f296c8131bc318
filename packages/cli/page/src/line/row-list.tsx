import type { RefObject } from "preact";
import type { WireEvent } from "../../../src/workbench/control-protocol.js";
import { Icon } from "../shell/icon.js";
import type { Recording } from "../store/recording.js";
import { useStore } from "../store/store.js";
import { texts } from "../texts/texts.js";
import { Empty } from "./empty.js";
import { accepts, isOpen, pausedAt, select, selected } from "./line-state.js";
import { Row } from "./row.js";
import { type Rows, useRows } from "./use-rows.js";

const rowHeight = matchMedia("(pointer: coarse)").matches ? 34 : 26;

interface RowListProps {
  readonly recording: Recording;
  readonly scroller: RefObject<HTMLDivElement | null>;
}

/** The rows. The list has the focus; the keys walk from entry to entry, wherever it is in 200,000. */
export function RowList({ recording, scroller }: RowListProps) {
  const { timeline } = texts.value;
  const { sessions, hello } = useStore();
  const log = recording.wire;
  const rows = useRows(log, scroller, rowHeight);
  const { index } = rows;
  const chosen = selected.value;
  const isMixed =
    sessions.value.length > 1 || hello.value?.mode === "inspect" || recording.name !== undefined;
  const nameOf = ({ session, connection }: WireEvent) => {
    const through = sessions.value.find(({ id }) => id === session)?.through;
    return through ? texts.value.connect.short[through] : `#${connection}`;
  };

  return (
    <div class="rows-frame" data-objects={isMixed}>
      <div class="rows-head" aria-hidden="true">
        <Columns withObject={isMixed} />
      </div>
      <div
        ref={scroller}
        id="rows"
        class="rows"
        role="listbox"
        tabIndex={0}
        aria-label={timeline.title}
        aria-activedescendant={chosen === undefined ? undefined : `row-${chosen}`}
        onKeyDown={(event) => onKeyDown(event, rows)}
      >
        <div class="rows-all" role="presentation" style={{ height: `${rows.height}px` }}>
          {rows.items.map((item) => {
            const entry = log.at(index.sequenceAt(item.index));
            if (!entry) return null;
            return (
              <Row
                key={entry.sequence}
                entry={entry}
                top={item.start}
                position={item.index + 1}
                count={index.count}
                isSelected={entry.sequence === chosen}
                objectName={isMixed ? nameOf(entry.event) : undefined}
                onChoose={() => select(entry.sequence, true)}
              />
            );
          })}
        </div>
      </div>
      {index.count === 0 && !rows.isSearching && (
        <Empty isFiltered={accepts.value !== undefined && log.end > log.first} />
      )}
      {!rows.isFollowing && index.count > 0 && (
        <button type="button" class="rows-follow button" onClick={rows.follow}>
          <Icon name="down" size={14} /> {timeline.follow}
        </button>
      )}
      <Status recording={recording} rows={rows} />
    </div>
  );
}

function Columns({ withObject }: { readonly withObject: boolean }) {
  const { columns, object, connection } = texts.value.timeline;
  const isObject = useStore().sessions.value.length > 1;
  return (
    <>
      <span class="cell-time">{columns.time}</span>
      <span class="cell-since">{columns.sinceLast}</span>
      {withObject && <span class="cell-object">{isObject ? object : connection}</span>}
      <span class="cell-way" />
      <span class="cell-opcode">{columns.opcode}</span>
      <span class="cell-data">{columns.data}</span>
      <span class="cell-size">{columns.size}</span>
      <span class="cell-wire">{columns.wire}</span>
    </>
  );
}

function Status({ recording, rows }: { readonly recording: Recording; readonly rows: Rows }) {
  const { timeline } = texts.value;
  const { wire, missedFrames } = recording;
  const total = wire.end - wire.first;
  const paused = pausedAt.value;
  return (
    <p class="rows-status">
      <span>{timeline.shown(rows.index.count, total)}</span>
      {rows.isSearching && <span>{timeline.searching}</span>}
      {paused !== undefined && <strong>{timeline.waiting(wire.end - paused)}</strong>}
      {missedFrames.value > 0 && <span>{timeline.missed(missedFrames.value)}</span>}
    </p>
  );
}

function onKeyDown(event: KeyboardEvent, { index, perPage, scrollTo, follow }: Rows): void {
  if (event.ctrlKey || event.metaKey || event.altKey || index.count === 0) return;
  const last = index.count - 1;
  const chosen = selected.value;
  // Where nothing is chosen, the keys begin at the end, which is what one sees.
  const at = chosen === undefined ? last + 1 : index.rowOf(chosen);
  let row: number;
  if (event.key === "ArrowDown") row = at + 1;
  else if (event.key === "ArrowUp") row = at - 1;
  else if (event.key === "PageDown") row = at + perPage;
  else if (event.key === "PageUp") row = at - perPage;
  else if (event.key === "Home") row = 0;
  else if (event.key === "End") row = last;
  else if (event.key === "Enter" || event.key === " ") {
    event.preventDefault();
    if (chosen !== undefined) isOpen.value = true;
    return;
  } else return;
  event.preventDefault();
  row = Math.max(0, Math.min(last, row));
  select(index.sequenceAt(row));
  if (event.key === "End") follow();
  else scrollTo(row);
}
