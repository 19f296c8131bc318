import type { WireEvent } from "../../../src/workbench/control-protocol.js";
import type { WireEntry } from "../store/wire-log.js";
import { formatBytes, formatDuration, formatTime } from "../texts/format.js";
import { texts } from "../texts/texts.js";
import { isSent, nameOf, preview, toneOf } from "./describe.js";

interface RowProps {
  readonly entry: WireEntry;
  readonly top: number;
  readonly position: number;
  readonly count: number;
  readonly isSelected: boolean;
  /** Whose entry it is, where there's more than one. */
  readonly objectName: string | undefined;
  readonly onChoose: () => void;
}

/** One entry on one line. */
export function Row({ entry, top, position, count, isSelected, objectName, onChoose }: RowProps) {
  const { event, sinceLast } = entry;
  return (
    // biome-ignore lint/a11y/useFocusableInteractive: the list has the focus, and names the active option
    // biome-ignore lint/a11y/useKeyWithClickEvents: the list listens to the keys
    <div
      id={`row-${entry.sequence}`}
      class="wire-row"
      role="option"
      aria-selected={isSelected}
      aria-posinset={position}
      aria-setsize={count}
      data-tone={toneOf(event)}
      style={{ transform: `translateY(${top}px)` }}
      onClick={onChoose}
    >
      <span class="cell-time">{formatTime(event.time)}</span>
      <span class="cell-since">{sinceLast === undefined ? "" : `+${formatDuration(sinceLast)}`}</span>
      {objectName !== undefined && <span class="cell-object">{objectName}</span>}
      <Way event={event} />
      <span class="cell-opcode">{nameOf(event)}</span>
      <span class="cell-data">{preview(event)}</span>
      <Sizes event={event} />
    </div>
  );
}

function Way({ event }: { readonly event: WireEvent }) {
  const { common } = texts.value;
  const sent = isSent(event);
  if (sent === undefined) return <span class="cell-way" />;
  return (
    <span class="cell-way">
      <span aria-hidden="true">{sent ? "↑" : "↓"}</span>
      <span class="unseen">{sent ? common.sent : common.received}</span>
    </span>
  );
}

/** Of the message, and of the frame on the wire where that's another. */
function Sizes({ event }: { readonly event: WireEvent }) {
  if (event.kind !== "frame") {
    return (
      <>
        <span class="cell-size" />
        <span class="cell-wire" />
      </>
    );
  }
  const size = event.size ?? event.length;
  return (
    <>
      <span class="cell-size">{event.size === undefined && !event.fin ? "" : formatBytes(size)}</span>
      <span class="cell-wire" title={event.compressed ? texts.value.timeline.compressed : undefined}>
        {formatBytes(event.length)}
        <span class="cell-deflated">{event.compressed ? "z" : ""}</span>
      </span>
    </>
  );
}
