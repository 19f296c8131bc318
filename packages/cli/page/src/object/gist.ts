import type { FieldValue, ObjectReport } from "../../../src/workbench/control-protocol.js";
import { formatBytes, formatCount, formatDuration } from "../texts/format.js";

const longest = 120;

/** What a report says, in a few words: of a `message` its data, of a `close` its code. */
export function gist({ what, fields }: ObjectReport): string {
  switch (what) {
    case "message":
      return brief(fields["data"]);
    case "send":
      return `${brief(fields["data"])}${times(fields["count"])}`;
    case "close":
    case "close()":
      return [fields["code"], fields["reason"], wasClean(fields["wasClean"])].filter(Boolean).join(" · ");
    case "construct":
      return brief(fields["url"]);
    case "exception":
      return `${fields["name"]}: ${fields["message"]}`;
    case "error":
      return messageOf(fields["error"]);
    case "reconnecting":
      return `${fields["attempt"]} · ${formatDuration(Number(fields["delay"]))}`;
    case "lost":
      return `${fields["count"]} · ${fields["reason"]}`;
    case "binaryType":
      return brief(Object.values(fields)[0]);
    default:
      return "";
  }
}

function brief(value: FieldValue): string {
  if (typeof value === "string") return value.slice(0, longest);
  if (typeof value !== "object" || value === null) return String(value ?? "");
  if ("text" in value) return value.text.slice(0, longest);
  if ("base64" in value) return `ArrayBuffer · ${formatBytes(value.size)}`;
  const size = value.fields?.["size"];
  return typeof size === "number" ? `${value.object} · ${formatBytes(size)}` : value.object;
}

function times(count: FieldValue): string {
  return typeof count === "number" && count > 1 ? ` × ${formatCount(count)}` : "";
}

function wasClean(value: FieldValue): string {
  return value === undefined ? "" : `wasClean: ${value}`;
}

function messageOf(error: FieldValue): string {
  if (typeof error !== "object" || error === null || !("object" in error)) return "";
  const message = error.fields?.["message"];
  return typeof message === "string" ? message : "";
}
