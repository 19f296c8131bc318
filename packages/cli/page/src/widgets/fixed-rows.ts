import { useCallback, useEffect, useRef, useState } from "preact/hooks";

/** Browsers cut off what is higher than some 16 to 33 million pixels. */
const highest = 8_000_000;
/** Rows beyond the edges, so that scrolling meets no empty place. */
const spare = 8;

export interface FixedRows {
  /** For the element that scrolls. */
  readonly ref: (element: HTMLElement | null) => void;
  /** Which rows to render: from `first` up to, not including, `end`. */
  readonly first: number;
  readonly end: number;
  /** How high all rows together are. */
  readonly height: number;
  /** Where the first rendered row is. */
  readonly top: number;
  /** How wide the element is inside. */
  readonly width: number;
  readonly scrollTo: (row: number) => void;
}

/** Renders a screenful of any number of equally high rows. */
export function useFixedRows(count: number, rowHeight: number): FixedRows {
  const element = useRef<HTMLElement | null>(null);
  const [view, setView] = useState({ top: 0, height: 0, width: 0 });

  const measure = useCallback(() => {
    const { scrollTop: top = 0, clientHeight: height = 0, clientWidth: width = 0 } = element.current ?? {};
    setView((old) =>
      old.top === top && old.height === height && old.width === width ? old : { top, height, width },
    );
  }, []);

  const resized = useRef<ResizeObserver | undefined>(undefined);
  const ref = useCallback(
    (fresh: HTMLElement | null) => {
      resized.current?.disconnect();
      element.current?.removeEventListener("scroll", measure);
      element.current = fresh;
      if (fresh === null) return;
      fresh.addEventListener("scroll", measure, { passive: true });
      // Tells the size at first, too.
      resized.current = new ResizeObserver(measure);
      resized.current.observe(fresh);
    },
    [measure],
  );
  useEffect(() => measure(), [count, measure]);

  // Where all rows would be too high, the way to scroll is shortened; the wheel then passes over rows.
  const whole = count * rowHeight;
  const height = Math.min(whole, highest);
  const range = Math.max(1, height - view.height);
  const scale = whole > highest ? (whole - view.height) / range : 1;
  const firstVisible = Math.floor((view.top * scale) / rowHeight);
  const first = Math.max(0, Math.min(firstVisible, count - 1) - spare);
  const end = Math.min(count, firstVisible + Math.ceil(view.height / rowHeight) + spare);
  const top = view.top - (view.top * scale - first * rowHeight);

  const scrollTo = (row: number) => {
    const scroller = element.current;
    if (scroller === null) return;
    const from = (row * rowHeight) / scale;
    const to = from + rowHeight;
    if (from < scroller.scrollTop) scroller.scrollTop = from;
    else if (to > scroller.scrollTop + scroller.clientHeight) scroller.scrollTop = to - scroller.clientHeight;
    measure();
  };
  return { ref, first, end, height, top, width: view.width, scrollTo };
}
