import type { FieldValue } from "../../../src/workbench/control-protocol.js";
import { fromBase64, hexOf } from "../line/base64.js";
import { formatBytes } from "../texts/format.js";

/** A value, written and coloured as a console does. */
export function FieldValueView({ value }: { readonly value: FieldValue }) {
  if (typeof value === "string") return <span class="value-string">{JSON.stringify(value)}</span>;
  if (typeof value === "number")
    return <span class="value-number">{Object.is(value, -0) ? "-0" : value}</span>;
  if (value === null || value === undefined || typeof value === "boolean") {
    return <span class="value-word">{String(value)}</span>;
  }
  if ("object" in value) {
    const fields = Object.entries(value.fields ?? {});
    return (
      <span class="value-object">
        {value.object}
        {fields.length > 0 && (
          <>
            {" {"}
            {fields.map(([name, field], index) => (
              <span key={name}>
                {index > 0 && ", "}
                {name}: <FieldValueView value={field} />
              </span>
            ))}
            {"}"}
          </>
        )}
      </span>
    );
  }
  const more = value.isCut ? "…" : "";
  if ("text" in value) {
    return (
      <span class="value-string">
        {JSON.stringify(value.text)}
        {more} <span class="soft">{formatBytes(value.size)}</span>
      </span>
    );
  }
  return (
    <span class="value-object">
      ArrayBuffer({value.size}) {hexOf(fromBase64(value.base64, 16))}
      {value.size > 16 ? "…" : ""}
    </span>
  );
}
