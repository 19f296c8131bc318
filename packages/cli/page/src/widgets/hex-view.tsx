import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { texts } from "../texts/texts.js";
import { useFixedRows } from "./fixed-rows.js";
import { hexRow } from "./hex-rows.js";
import "./hex-view.css";

const rowHeight = 20;
/** The room that 16 bytes a row need, in pixels: with less there are 8. */
const wide = 590;

/** A payload's bytes: offset, hexadecimal, ASCII. Renders a screenful of any number. */
export function HexView({ bytes }: { readonly bytes: Uint8Array }) {
  const { hex } = texts.value;
  const [perRow, setPerRow] = useState(16);
  const count = Math.ceil(bytes.length / perRow);
  const rows = useFixedRows(count, rowHeight);
  useLayoutEffect(() => {
    if (rows.width > 0) setPerRow(rows.width >= wide ? 16 : 8);
  }, [rows.width]);
  const shown = useRef(bytes);
  useLayoutEffect(() => {
    if (shown.current !== bytes) rows.scrollTo(0);
    shown.current = bytes;
  });

  if (bytes.length === 0) return <p class="empty">{hex.empty}</p>;
  const lines = Array.from({ length: rows.end - rows.first }, (_, index) => rows.first + index);
  return (
    <section
      class="hex-view"
      ref={rows.ref}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be within reach of the keyboard
      tabIndex={0}
      aria-label={hex.label}
      data-per-row={perRow}
    >
      <div class="hex-rows" style={{ height: `${rows.height}px` }}>
        <table aria-rowcount={count} style={{ transform: `translateY(${rows.top}px)` }}>
          <tbody>
            {lines.map((line) => {
              const { offset, hex: pairs, ascii } = hexRow(bytes, line, perRow);
              return (
                <tr key={line} aria-rowindex={line + 1}>
                  <th scope="row">{offset}</th>
                  <td class="hex-bytes">{pairs}</td>
                  <td class="hex-ascii">{ascii}</td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
    </section>
  );
}
