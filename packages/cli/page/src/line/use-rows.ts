import {
  elementScroll,
  observeElementOffset,
  observeElementRect,
  type VirtualItem,
  Virtualizer,
} from "@tanstack/virtual-core";
import { useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import type { WireLog } from "../store/wire-log.js";
import { accepts, pausedAt } from "./line-state.js";
import { RowIndex } from "./row-index.js";

/** Milliseconds of a frame that a filter may take. */
const searchBudget = 8;
/** How near to the end, in pixels, the list follows it. */
const nearEnd = 8;

export interface Rows {
  readonly index: RowIndex;
  /** Those to render. */
  readonly items: readonly VirtualItem[];
  readonly height: number;
  readonly isSearching: boolean;
  /** Whether the list keeps to its end. */
  readonly isFollowing: boolean;
  readonly scrollTo: (row: number) => void;
  /** Goes to the end, and stays there. */
  readonly follow: () => void;
  /** How many rows fit. */
  readonly perPage: number;
}

/** The rows of the log that pass the filter, of which a screenful exists. */
export function useRows(
  log: WireLog,
  scroller: { readonly current: HTMLElement | null },
  rowHeight: number,
): Rows {
  const [, redraw] = useState({});
  // Read for the component to be drawn anew.
  log.version.value;
  const test = accepts.value;
  const index = useMemo(() => new RowIndex(log, test), [log, test]);
  const isDone = index.advance(pausedAt.value ?? log.end, searchBudget);
  const isFollowing = useRef(true);
  // An empty list is at its end.
  if (index.count === 0) isFollowing.current = true;
  const dropped = useRef({ index, count: 0 });

  const virtualizer = useMemo(
    () =>
      new Virtualizer<HTMLElement, HTMLElement>({
        count: 0,
        getScrollElement: () => scroller.current,
        estimateSize: () => rowHeight,
        observeElementRect,
        observeElementOffset: (instance, tell) =>
          observeElementOffset(instance, (offset, isScrolling) => {
            const element = scroller.current;
            // What the list does itself doesn't count; it sets the flag before.
            if (element && isScrolling) {
              isFollowing.current =
                element.scrollTop + element.clientHeight >= element.scrollHeight - nearEnd;
            }
            tell(offset, isScrolling);
          }),
        scrollToFn: elementScroll,
      }),
    [scroller, rowHeight],
  );
  virtualizer.setOptions({
    ...virtualizer.options,
    count: index.count,
    overscan: 12,
    onChange: () => redraw({}),
  });

  useLayoutEffect(() => virtualizer._didMount(), [virtualizer]);
  useLayoutEffect(() => {
    virtualizer._willUpdate();
    const element = scroller.current;
    if (!element) return;
    if (isFollowing.current) element.scrollTop = element.scrollHeight;
    else if (dropped.current.index === index) {
      // What one looks at stays where it is while the oldest rows go.
      element.scrollTop -= (index.dropped - dropped.current.count) * rowHeight;
    }
    dropped.current = { index, count: index.dropped };
  });
  useLayoutEffect(() => {
    if (isDone) return;
    const frame = requestAnimationFrame(() => redraw({}));
    return () => cancelAnimationFrame(frame);
  });

  return {
    index,
    items: virtualizer.getVirtualItems(),
    height: virtualizer.getTotalSize(),
    isSearching: !isDone,
    isFollowing: isFollowing.current,
    perPage: Math.max(1, Math.floor((scroller.current?.clientHeight ?? 0) / rowHeight) - 1),
    scrollTo: (row) => {
      isFollowing.current = row >= index.count - 1;
      virtualizer.scrollToIndex(row, { align: "auto" });
    },
    follow: () => {
      isFollowing.current = true;
      redraw({});
    },
  };
}
