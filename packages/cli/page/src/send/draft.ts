import { computed, signal } from "@preact/signals";
import { parseHex } from "./hex.js";

// What the form of the send panel holds, which outlives a change of tabs.

export type PayloadKind = "text" | "json" | "binary" | "file";

export const kind = signal<PayloadKind>("text");
/** One for each kind, so that a look at another one loses nothing. */
export const typed = signal({ text: "Hello", json: '{\n  "hello": "world"\n}', binary: "48 65 6c 6c 6f" });
export const file = signal<File | undefined>(undefined);
export const count = signal(1);
export const code = signal("");
export const reason = signal("");
/** The session that messages go to; all where it isn't there. */
export const target = signal<string | undefined>(undefined);

export const maxCount = 1_000_000;

export type JsonCheck = { readonly value: unknown } | { readonly problem: string };

export const checkedJson = computed<JsonCheck>(() => {
  try {
    return { value: JSON.parse(typed.value.json) };
  } catch (error) {
    return { problem: (error as Error).message };
  }
});

export const checkedHex = computed(() => parseHex(typed.value.binary));

export const isPayloadValid = computed(() => {
  switch (kind.value) {
    case "text":
      return true;
    case "json":
      return "value" in checkedJson.value;
    case "binary":
      return "bytes" in checkedHex.value;
    case "file":
      return file.value !== undefined;
  }
});

/** What `send` gets. */
export async function payload(): Promise<string | ArrayBuffer> {
  if (kind.value === "text" || kind.value === "json") return typed.value[kind.value];
  if (kind.value === "file") return (await file.value?.arrayBuffer()) ?? new ArrayBuffer(0);
  const hex = checkedHex.value;
  return "bytes" in hex ? hex.bytes.buffer : new ArrayBuffer(0);
}

export const reasonBytes = computed(() => new TextEncoder().encode(reason.value).length);

export const isCodeValid = computed(() => {
  if (code.value === "") return true;
  const number = Number(code.value);
  return number === 1000 || (Number.isInteger(number) && number >= 3000 && number <= 4999);
});
