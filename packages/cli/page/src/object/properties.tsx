import type { ObjectProperties } from "../../../src/workbench/control-protocol.js";
import type { Session } from "../store/session.js";
import { texts } from "../texts/texts.js";
import { FieldValueView } from "./field-value.js";
import { stateNames } from "./state-names.js";

const names = [
  "readyState",
  "url",
  "protocol",
  "extensions",
  "bufferedAmount",
] as const satisfies readonly (keyof ObjectProperties)[];

/** Every property, a column for each object. */
export function Properties({ sessions }: { readonly sessions: readonly Session[] }) {
  const { object, connect } = texts.value;
  // Read for the component to be drawn anew.
  for (const { reports } of sessions) reports.version.value;
  return (
    <table class="properties">
      <colgroup>
        <col class="properties-names" />
        {sessions.map(({ id }) => (
          <col key={id} />
        ))}
      </colgroup>
      <thead class={sessions.length > 1 ? "" : "unseen"}>
        <tr>
          <th scope="col">{object.property}</th>
          {sessions.map(({ id, through }) => (
            <th scope="col" key={id}>
              {sessions.length > 1 ? connect.short[through] : object.value}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {names.map((name) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            {sessions.map((session) => (
              <td key={session.id}>
                <Property properties={session.reports.latest?.properties} name={name} />
              </td>
            ))}
          </tr>
        ))}
        <tr>
          <th scope="row">binaryType</th>
          {sessions.map((session) => (
            <td key={session.id}>
              <BinaryTypeChoice session={session} />
            </td>
          ))}
        </tr>
      </tbody>
    </table>
  );
}

function Property({
  properties,
  name,
}: {
  readonly properties: ObjectProperties | undefined;
  readonly name: (typeof names)[number];
}) {
  if (!properties) return null;
  return (
    <>
      <FieldValueView value={properties[name]} />
      {name === "readyState" && <span class="soft"> {stateNames[properties.readyState]}</span>}
    </>
  );
}

/** The one property that can be set. */
function BinaryTypeChoice({ session }: { readonly session: Session }) {
  const binaryType = session.reports.latest?.properties.binaryType ?? "blob";
  return (
    <select
      class="properties-choice"
      aria-label="binaryType"
      value={binaryType}
      onChange={(event) => {
        const chosen = event.currentTarget.value === "blob" ? "blob" : "arraybuffer";
        session.setBinaryType(chosen).catch(() => {
          // The server has gone, which the page says on top.
        });
      }}
    >
      <option value="blob">"blob"</option>
      <option value="arraybuffer">"arraybuffer"</option>
    </select>
  );
}
