import { computed, signal } from "@preact/signals";
import { english } from "./english.js";

export type Texts = typeof english;

export const language = signal<"en" | "ko">("en");

/** What the page says, in the language chosen. */
export const texts = computed<Texts>(() => english);
