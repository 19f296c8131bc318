import type { Headers } from "../../../src/recording/connection-event.js";
import { Icon } from "../shell/icon.js";
import type { WireEntry } from "../store/wire-log.js";
import { formatBytes, formatTime } from "../texts/format.js";
import { texts } from "../texts/texts.js";
import { isSent, nameOf, preview, toneOf } from "./describe.js";
import { PayloadView } from "./payload-view.js";

/** An entry in full. */
export function Detail({ entry, onClose }: { readonly entry: WireEntry; readonly onClose: () => void }) {
  const { timeline, common } = texts.value;
  const { event } = entry;
  const sent = isSent(event);
  return (
    <section
      class="detail"
      aria-label={timeline.details.title}
      data-tone={toneOf(event)}
      onKeyDown={(event) => {
        if (event.key === "Escape") onClose();
      }}
    >
      <header class="detail-head">
        <h2 class="grow">
          <span class="detail-name">
            {sent === undefined ? "" : sent ? "↑ " : "↓ "}
            {sent === undefined ? "" : `${sent ? common.sent : common.received} `}
            {nameOf(event)}
          </span>
          <span class="soft">{facts(entry).join(" · ")}</span>
        </h2>
        <button
          type="button"
          class="quiet"
          aria-label={common.close}
          title={`${common.close} (Esc)`}
          onClick={onClose}
        >
          <Icon name="close" size={14} />
        </button>
      </header>
      <div class="detail-body">
        {event.kind === "frame" ? (
          <PayloadView event={event} />
        ) : (
          <>
            <p class="detail-line mono">{preview(event)}</p>
            {event.kind !== "end" && <HeaderTable headers={event.headers} />}
          </>
        )}
      </div>
    </section>
  );
}

function facts({ event }: WireEntry): readonly string[] {
  const { timeline } = texts.value;
  const list = [formatTime(event.time), `#${event.connection}`];
  if (event.kind !== "frame") return list;
  list.push(formatBytes(event.size ?? event.length));
  if (event.compressed)
    list.push(`${timeline.columns.wire}: ${formatBytes(event.length)}, ${timeline.compressed}`);
  if (!event.fin) list.push(timeline.fragment);
  return list;
}

function HeaderTable({ headers }: { readonly headers: Headers }) {
  return (
    <table class="detail-headers">
      <caption class="unseen">{texts.value.timeline.details.headers}</caption>
      <tbody>
        {headers.map(([name, value], index) => (
          <tr key={`${index} ${name}`}>
            <th scope="row">{name}</th>
            <td>{value}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
