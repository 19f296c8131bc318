import type { FieldValue, Preview } from "./control-protocol.js";

// No Node module here: the page shows its own objects' events with it.

/** Most bytes of a message that a report carries. */
const previewSize = 4096;

/** What every event has. */
const eventNames = [
  "bubbles",
  "cancelBubble",
  "cancelable",
  "composed",
  "currentTarget",
  "defaultPrevented",
  "eventPhase",
  "returnValue",
  "srcElement",
  "target",
  "timeStamp",
  "type",
];

/** What events of a type have on top. */
const ownNames: Readonly<Record<string, readonly string[]>> = {
  message: ["data", "lastEventId", "origin", "ports", "source"],
  close: ["code", "error", "reason", "status", "wasClean"],
  error: ["error"],
  reconnecting: ["attempt", "cause", "delay"],
  down: ["cause"],
  lost: ["count", "reason"],
};

const namesOfType = new Map<string, readonly string[]>();

/** `isTrusted`, an event's own property, stands first; the others follow by name, as in Chromium's console. */
function namesOf(type: string): readonly string[] {
  const known = namesOfType.get(type);
  if (known !== undefined) return known;
  const names = ["isTrusted", ...[...eventNames, ...(ownNames[type] ?? [])].sort()];
  namesOfType.set(type, names);
  return names;
}

/** All fields of an event, in the order in which Chromium's console shows them. */
export function eventFields(event: Event): Record<string, FieldValue> {
  const fields: Record<string, FieldValue> = {};
  for (const name of namesOf(event.type)) {
    const value: unknown = Reflect.get(event, name);
    // What only one platform's event has, such as `error`, is no field of the other's.
    if (value === undefined) continue;
    fields[name] = shownValue(value);
  }
  return fields;
}

/** A value as a console shows it: what isn't plain by its interface's name, and what of it tells the most. */
export function shownValue(value: unknown, depth = 0): FieldValue {
  switch (typeof value) {
    case "string":
      return value.length > previewSize / 3 ? textValue(value) : value;
    case "number":
    case "boolean":
      return value;
    case "object":
      if (value === null) return null;
      return depth > 2 ? { object: nameOf(value) } : objectValue(value, depth + 1);
    default:
      return { object: String(value) };
  }
}

function objectValue(value: object, depth: number): FieldValue {
  if (value instanceof ArrayBuffer) return binaryValue(new Uint8Array(value));
  if (ArrayBuffer.isView(value)) {
    return binaryValue(new Uint8Array(value.buffer, value.byteOffset, value.byteLength));
  }
  if (value instanceof Blob) return { object: nameOf(value), fields: { size: value.size, type: value.type } };
  const object = nameOf(value);
  const fields = Object.fromEntries(
    fieldNamesOf(value)
      .filter((name) => Reflect.get(value, name) !== undefined)
      .map((name) => [name, shownValue(Reflect.get(value, name), depth)]),
  );
  return Object.keys(fields).length > 0 ? { object, fields } : { object };
}

function fieldNamesOf(value: object): readonly string[] {
  if (Array.isArray(value)) return value.map((_item, index) => String(index)).slice(0, 100);
  if (value instanceof Error) return ["name", "code", "message"].filter((name) => name in value);
  if (value instanceof Event)
    return namesOf(value.type).filter((name) => ownNames[value.type]?.includes(name));
  return [];
}

function nameOf(value: object): string {
  if (Array.isArray(value)) return `Array(${value.length})`;
  const tag = Object.prototype.toString.call(value).slice(8, -1);
  // A class that names no tag is known by its own name.
  if (tag !== "Object" && tag !== "EventTarget" && tag !== "Error") return tag;
  const { name } = value.constructor ?? {};
  return name === undefined || name === "" ? tag : name;
}

function textValue(text: string): Preview & { size: number } {
  const bytes = new TextEncoder().encode(text);
  const size = bytes.length;
  if (size <= previewSize) return { text, size };
  // In a stream, a character that the cut has left incomplete stays out.
  const beginning = new TextDecoder().decode(bytes.subarray(0, previewSize), { stream: true });
  return { text: beginning, size, isCut: true };
}

function binaryValue(bytes: Uint8Array): Preview & { size: number } {
  const beginning = bytes.subarray(0, previewSize);
  const base64 = btoa(Array.from(beginning, (byte) => String.fromCharCode(byte)).join(""));
  return { base64, size: bytes.length, ...(bytes.length > previewSize && { isCut: true as const }) };
}
