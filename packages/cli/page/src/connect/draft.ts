import { computed, signal } from "@preact/signals";
import { recall, remember } from "../shell/remembered.js";
import type { Dial, Through } from "../store/session.js";

// What the form of the connect panel holds, which outlives a change of tabs.

export type ThroughChoice = Through | "both";

const throughChoices: readonly ThroughChoice[] = ["browser", "node", "both"];

export interface HeaderDraft {
  /** Tells rows apart while they come and go. */
  readonly id: number;
  readonly name: string;
  readonly value: string;
}

export const url = signal("");
export const protocols = signal("");
export const headers = signal<readonly HeaderDraft[]>([]);
export const through = signal<ThroughChoice>(
  throughChoices.find((name) => name === recall("through")) ?? "browser",
);
export const reconnecting = signal(false);
/** Impatient, for a person who looks on: an application has more time. */
export const reconnectingOptions = signal({ idle: 2000, timeout: 1500, minDelay: 500, maxDelay: 4000 });
/** What a page's object sends in place of a ping; none without. The embedded echo server answers with the same. */
export const heartbeat = signal("heartbeat");

let headerCount = 0;

export function addHeader(): void {
  headers.value = [...headers.value, { id: ++headerCount, name: "", value: "" }];
}

export function changeHeader(id: number, change: Partial<HeaderDraft>): void {
  headers.value = headers.value.map((header) => (header.id === id ? { ...header, ...change } : header));
}

export function removeHeader(id: number): void {
  headers.value = headers.value.filter((header) => header.id !== id);
}

export function chooseThrough(choice: ThroughChoice): void {
  through.value = choice;
  remember("through", choice);
}

/** Whether the text can be a WebSocket's URL. */
export const isUrlValid = computed(() => {
  try {
    return /^(ws|http)s?:$/.test(new URL(url.value.trim()).protocol);
  } catch {
    return false;
  }
});

/** What the form asks for. */
export const dial = computed<Dial>(() => ({
  url: url.value.trim(),
  protocols: protocols.value.split(/[\s,]+/).filter((protocol) => protocol !== ""),
  headers: headers.value
    .filter(({ name }) => name.trim() !== "")
    .map(({ name, value }) => [name.trim(), value.trim()] as const),
  reconnecting: reconnecting.value,
  ...(reconnecting.value
    ? { reconnectingOptions: reconnectingOptions.value, heartbeat: heartbeat.value }
    : {}),
}));
