import { batch, computed, signal } from "@preact/signals";
import { accepting, everything, type Filter } from "./filter.js";

// What is set in the timeline, which outlives a change of tabs.

export const filter = signal<Filter>(everything);
export const accepts = computed(() => accepting(filter.value));
/** Whether the rows stay as they are, and up to which entry. */
export const pausedAt = signal<number | undefined>(undefined);
/** The sequence number of the entry that the keys have got to. */
export const selected = signal<number | undefined>(undefined);
/** Whether the selected entry is open in the detail pane. */
export const isOpen = signal(false);

export function changeFilter(change: Partial<Filter>): void {
  filter.value = { ...filter.value, ...change };
}

export function select(sequence: number, open = isOpen.value): void {
  selected.value = sequence;
  isOpen.value = open;
}

/** What is chosen in one recording means nothing in another one. */
export function startOver(): void {
  batch(() => {
    selected.value = undefined;
    isOpen.value = false;
    pausedAt.value = undefined;
    changeFilter({ session: undefined, connection: undefined });
  });
}
