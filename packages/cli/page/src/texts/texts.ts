import { computed, effect, signal } from "@preact/signals";
import { english } from "./english.js";
import { korean } from "./korean.js";

/** What a dictionary has: the types hold that no language lacks a text. */
export type Texts = typeof english;

export type Language = "en" | "ko";

/** Each language by its own name, so that whoever reads only that one finds it. */
export const languageNames: Readonly<Record<Language, string>> = { en: "English", ko: "한국어" };

const dictionaries: Readonly<Record<Language, Texts>> = { en: english, ko: korean };
const storageKey = "openline.language";

export const language = signal<Language>(stored() ?? preferred());

/** The texts in the chosen language: read as `texts.value` while rendering. */
export const texts = computed(() => dictionaries[language.value]);

/** The reader's choice, which is remembered. */
export function chooseLanguage(chosen: Language): void {
  language.value = chosen;
  try {
    localStorage.setItem(storageKey, chosen);
  } catch {
    // Storage is switched off: the choice lasts as long as the page.
  }
}

effect(() => {
  document.documentElement.lang = language.value;
});

function stored(): Language | undefined {
  try {
    const value = localStorage.getItem(storageKey);
    return isLanguage(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function preferred(): Language {
  for (const tag of navigator.languages) {
    const primary = tag.split("-")[0]?.toLowerCase() ?? "";
    if (isLanguage(primary)) return primary;
  }
  return "en";
}

function isLanguage(value: string | null): value is Language {
  return value !== null && Object.hasOwn(dictionaries, value);
}
