import type { FieldValue } from "../../../src/workbench/control-protocol.js";

/** More of it is no use in a list. */
const maxPreview = 4096;

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

/** A value as a console shows it: an object by its interface's name, long data cut. */
export function fieldValue(value: unknown): FieldValue {
  if (value === null || value === undefined) return value;
  if (typeof value === "boolean" || typeof value === "number") return value;
  if (typeof value === "string") return textValue(value);
  if (value instanceof ArrayBuffer) return bytesValue(value);
  if (value instanceof Blob) return { object: "Blob", fields: { size: value.size, type: value.type } };
  if (Array.isArray(value)) return { object: "Array", fields: { length: value.length } };
  if (value instanceof CloseEvent) {
    const { code, reason, wasClean } = value;
    return { object: "CloseEvent", fields: { code, reason, wasClean } };
  }
  return { object: (value as object).constructor.name };
}

function textValue(text: string): FieldValue {
  if (text.length <= maxPreview) return text;
  return { text: text.slice(0, maxPreview), isCut: true, size: new Blob([text]).size };
}

function bytesValue(buffer: ArrayBuffer): FieldValue {
  const { byteLength: size } = buffer;
  const base64 = toBase64(new Uint8Array(buffer, 0, Math.min(size, maxPreview)));
  return size > maxPreview ? { base64, isCut: true, size } : { base64, size };
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
