import type { FieldValue } from "../../../src/workbench/control-protocol.js";

const maxCharacters = 4096;

/** An event's fields as Chromium's console shows them: `isTrusted` first, then all others by name. */
export function eventFields(event: Event): Record<string, FieldValue> {
  const names: string[] = [];
  for (const name in event) {
    // The constants of the phases are the interface's.
    if (!/^[A-Z_]+$/.test(name) && name !== "isTrusted") names.push(name);
  }
  const fields: Record<string, FieldValue> = { isTrusted: event.isTrusted };
  for (const name of names.sort()) {
    const value: unknown = Reflect.get(event, name);
    if (typeof value !== "function") fields[name] = fieldValue(value);
  }
  return fields;
}

/** A value that JSON can carry: an object by its name, long data cut. */
export function fieldValue(value: unknown): FieldValue {
  if (value === null || value === undefined) return null;
  if (typeof value === "boolean" || typeof value === "number") return value;
  if (typeof value === "string") return cut(value);
  if (value instanceof ArrayBuffer) return { base64: toBase64(new Uint8Array(value, 0, upTo(value))) };
  if (value instanceof Blob) return `Blob (${value.size} bytes)`;
  if (Array.isArray(value)) return `Array (${value.length})`;
  if (value instanceof Event) return `${value.constructor.name} ${value.type}`;
  return (value as object).constructor.name;
}

function cut(text: string): string {
  return text.length > maxCharacters ? `${text.slice(0, maxCharacters)}…` : text;
}

function upTo(buffer: ArrayBuffer): number {
  return Math.min(buffer.byteLength, maxCharacters);
}

export function toBase64(bytes: Uint8Array): string {
  let binary = "";
  // `apply` takes no more than some ten thousand arguments.
  for (let i = 0; i < bytes.length; i += 8192) {
    binary += String.fromCharCode(...bytes.subarray(i, i + 8192));
  }
  return btoa(binary);
}

export function fromBase64(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}
