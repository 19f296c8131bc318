import { signal } from "@preact/signals";
import { isOpen } from "../line/line-state.js";
import { togglePause } from "../line/toolbar.js";
import type { Store } from "../store/store.js";
import { layout } from "./layout.js";
import { recall, remember } from "./remembered.js";
import { theme, themes } from "./theme.js";
import { type View, view, viewsOf } from "./views.js";

export const isHelpOpen = signal(false);

/** Whether single keys do something; who speaks to the machine may not want them. */
export const singleKeys = signal(recall("single-keys") !== "off");

export function setSingleKeys(isOn: boolean): void {
  singleKeys.value = isOn;
  remember("single-keys", isOn ? "on" : "off");
}

/** The keys that work anywhere but in a field. */
export function listenToKeys(store: Store): void {
  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (event.key === "Escape") {
      isOpen.value = false;
      return;
    }
    if (!singleKeys.value || isHelpOpen.value || isField(event.target)) return;
    if (act(event.key, store)) event.preventDefault();
  });
}

function act(key: string, store: Store): boolean {
  switch (key.toLowerCase()) {
    case "?":
      isHelpOpen.value = true;
      return true;
    case "c":
      return focus("url", "connect");
    case "m":
      return focus("message", "connect");
    case "l":
      return focus("rows", "line");
    case "/":
      return focus("search", "line");
    case "p":
      togglePause(store.shown.value);
      return true;
    case "t":
      theme.value = themes[(themes.indexOf(theme.value) + 1) % themes.length] ?? "system";
      return true;
    default:
      return chooseTab(Number(key), store);
  }
}

function chooseTab(number: number, store: Store): boolean {
  const chosen = viewsOf(store.hello.value?.mode ?? "workbench", layout.value)[number - 1];
  if (!chosen) return false;
  view.value = chosen;
  return true;
}

/** Shows the panel first, where it's behind a tab. */
function focus(id: string, panel: View): boolean {
  if (!document.getElementById(id)) view.value = panel;
  // The panel is drawn in the next frame at the latest.
  requestAnimationFrame(() => requestAnimationFrame(() => document.getElementById(id)?.focus()));
  return true;
}

function isField(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target instanceof HTMLInputElement) return !["radio", "checkbox"].includes(target.type);
  return (
    target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement || target.isContentEditable
  );
}
