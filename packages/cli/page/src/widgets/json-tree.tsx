import { useId, useMemo, useState } from "preact/hooks";
import { texts } from "../texts/texts.js";
import { useFixedRows } from "./fixed-rows.js";
import { ExactNumber, type JsonRow, jsonRows, pathsToOpen } from "./json-rows.js";
import "./json-tree.css";

const rowHeight = 22;
/** "Open all" stops before there are more. */
const mostRows = 10_000;
const longestText = 300;

/** A JSON value that opens and closes, for the mouse and for the keyboard (the ARIA tree pattern). @param value of `parseJson` */
export function JsonTree({ value }: { readonly value: unknown }) {
  const { json } = texts.value;
  const id = useId();
  const [open, setOpen] = useState<ReadonlySet<string>>(() => pathsToOpen(value, 60));
  const [active, setActive] = useState("$");
  const rows = useMemo(() => jsonRows(value, open), [value, open]);
  const view = useFixedRows(rows.length, rowHeight);
  const activeIndex = Math.max(
    0,
    rows.findIndex(({ path }) => path === active),
  );

  const toggle = (path: string, isOpen: boolean) => {
    const changed = new Set(open);
    if (isOpen) changed.add(path);
    else changed.delete(path);
    setOpen(changed);
  };
  const goTo = (index: number) => {
    const target = Math.max(0, Math.min(rows.length - 1, index));
    setActive(rows[target]?.path ?? "$");
    view.scrollTo(target);
  };

  const onKeyDown = (event: KeyboardEvent) => {
    const row = rows[activeIndex];
    if (row === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    const isOpen = open.has(row.path);
    switch (event.key) {
      case "ArrowDown":
        goTo(activeIndex + 1);
        break;
      case "ArrowUp":
        goTo(activeIndex - 1);
        break;
      case "Home":
        goTo(0);
        break;
      case "End":
        goTo(rows.length - 1);
        break;
      case "ArrowRight":
        if (row.entries && !isOpen) toggle(row.path, true);
        else if (row.entries) goTo(activeIndex + 1);
        break;
      case "ArrowLeft":
        if (row.entries && isOpen) toggle(row.path, false);
        else goTo(rows.findLastIndex(({ level }, index) => index < activeIndex && level < row.level));
        break;
      case "Enter":
      case " ":
        if (row.entries) toggle(row.path, !isOpen);
        break;
      default:
        return;
    }
    event.preventDefault();
  };

  const isActiveRendered = activeIndex >= view.first && activeIndex < view.end;
  return (
    <div class="json-tree">
      <div class="json-tools">
        <button type="button" class="quiet" onClick={() => setOpen(pathsToOpen(value, mostRows))}>
          {json.expandAll}
        </button>
        <button type="button" class="quiet" onClick={() => setOpen(new Set())}>
          {json.collapseAll}
        </button>
      </div>
      <div
        class="json-view"
        ref={view.ref}
        role="tree"
        tabIndex={0}
        aria-label={json.label}
        aria-activedescendant={isActiveRendered ? `${id}${activeIndex}` : undefined}
        onKeyDown={onKeyDown}
      >
        <div role="presentation" class="json-rows" style={{ height: `${view.height}px` }}>
          <div role="presentation" style={{ transform: `translateY(${view.top}px)` }}>
            {rows.slice(view.first, view.end).map((row, index) => (
              <Row
                key={row.path}
                row={row}
                id={`${id}${view.first + index}`}
                isOpen={open.has(row.path)}
                isActive={row.path === rows[activeIndex]?.path}
                onPress={() => {
                  setActive(row.path);
                  if (row.entries) toggle(row.path, !open.has(row.path));
                }}
              />
            ))}
          </div>
        </div>
      </div>
    </div>
  );
}

function Row({
  row,
  id,
  isOpen,
  isActive,
  onPress,
}: {
  readonly row: JsonRow;
  readonly id: string;
  readonly isOpen: boolean;
  readonly isActive: boolean;
  readonly onPress: () => void;
}) {
  const { json } = texts.value;
  const { level, key, range, entries } = row;
  return (
    // biome-ignore lint/a11y/useFocusableInteractive: the tree has the focus, and names the active item
    // biome-ignore lint/a11y/useKeyWithClickEvents: the tree listens to the keys
    <div
      class={isActive ? "json-row is-active" : "json-row"}
      id={id}
      role="treeitem"
      aria-level={level}
      aria-posinset={row.position}
      aria-setsize={row.siblings}
      aria-selected={isActive}
      {...(entries ? { "aria-expanded": isOpen } : {})}
      style={{ paddingInlineStart: `${(level - 1) * 1.1 + 0.25}rem` }}
      onClick={onPress}
    >
      <span class="json-toggle" aria-hidden="true">
        {entries ? (isOpen ? "▾" : "▸") : ""}
      </span>
      {range !== undefined && <span class="json-key">{json.range(range[0], range[1] - 1)}</span>}
      {key !== undefined && <span class="json-key">{key}</span>}
      {range === undefined && <Value value={row.value} entries={entries} />}
    </div>
  );
}

function Value({ value, entries }: { readonly value: unknown; readonly entries: number | undefined }) {
  const { json } = texts.value;
  if (entries !== undefined) {
    const isList = Array.isArray(value);
    return (
      <span class="json-summary">
        {isList ? "[ ]" : "{ }"} {isList ? json.items(entries) : json.keys(entries)}
      </span>
    );
  }
  if (value instanceof ExactNumber) return <span class="json-number">{value.source}</span>;
  if (typeof value === "string") {
    const isLong = value.length > longestText;
    return (
      <span class="json-string">
        {JSON.stringify(isLong ? value.slice(0, longestText) : value)}
        {isLong && <span class="json-summary"> {json.longText(value.length)}</span>}
      </span>
    );
  }
  return <span class={`json-${value === null ? "null" : typeof value}`}>{String(value)}</span>;
}
