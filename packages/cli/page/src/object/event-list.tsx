import { useSignal } from "@preact/signals";
import { useState } from "preact/hooks";
import type { ObjectReport } from "../../../src/workbench/control-protocol.js";
import type { Session } from "../store/session.js";
import { formatCount, formatTime } from "../texts/format.js";
import { texts } from "../texts/texts.js";
import { FieldValueView } from "./field-value.js";
import { gist } from "./gist.js";
import { stateNames } from "./state-names.js";

const pageSize = 50;

/** What the program did to the object, as against what the object told. */
const calls: ReadonlySet<string> = new Set(["construct", "send", "close()", "reconnect()", "binaryType"]);

/** Every event and every call, the latest first; each opens to all its fields. */
export function EventList({ session, label }: { readonly session: Session; readonly label: string }) {
  const { object } = texts.value;
  const { reports } = session;
  const [shown, setShown] = useState(pageSize);
  const open = useSignal<ReadonlySet<number>>(new Set());
  // Read for the component to be drawn anew.
  reports.version.value;
  const first = Math.max(reports.first, reports.end - shown);
  const indexes = Array.from(
    { length: reports.end - first },
    (_item, position) => reports.end - 1 - position,
  );
  const toggle = (index: number) => {
    const changed = new Set(open.value);
    if (!changed.delete(index)) changed.add(index);
    open.value = changed;
  };
  return (
    <div class="events">
      {indexes.length === 0 && <p class="soft">{object.noEvents}</p>}
      <ul aria-label={label}>
        {indexes.map((index) => {
          const report = reports.at(index);
          if (!report) return null;
          return (
            <EventItem
              key={index}
              report={report}
              start={reports.stateChanges[0]?.time ?? report.time}
              isOpen={open.value.has(index)}
              onToggle={() => toggle(index)}
            />
          );
        })}
      </ul>
      {first > reports.first && (
        <button type="button" class="quiet" onClick={() => setShown(shown + pageSize)}>
          {object.moreEvents(first - reports.first)}
        </button>
      )}
    </div>
  );
}

interface EventItemProps {
  readonly report: ObjectReport;
  readonly start: number;
  readonly isOpen: boolean;
  readonly onToggle: () => void;
}

function EventItem({ report, start, isOpen, onToggle }: EventItemProps) {
  const { what, fields, properties, time } = report;
  const isCall = calls.has(what);
  return (
    <li class="event" data-what={what} data-call={isCall}>
      <button type="button" class="event-summary" aria-expanded={isOpen} onClick={onToggle}>
        <span class="event-name">{isCall ? callName(what) : what}</span>
        <span class="event-gist">{gist(report)}</span>
        <span class="event-time" title={formatTime(time)}>
          +{formatCount(Math.round(time - start))}
        </span>
      </button>
      {isOpen && (
        <dl class="event-fields">
          {Object.entries(fields).map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>
                <FieldValueView value={value} />
              </dd>
            </div>
          ))}
          <div class="event-after">
            <dt>readyState</dt>
            <dd>
              <FieldValueView value={properties.readyState} />{" "}
              <span class="soft">{stateNames[properties.readyState]}</span>
            </dd>
          </div>
          <div>
            <dt>{texts.value.object.time}</dt>
            <dd>{formatTime(time)}</dd>
          </div>
        </dl>
      )}
    </li>
  );
}

function callName(what: string): string {
  if (what === "construct") return "new";
  return what === "send" ? "send()" : what;
}
