import { effect, signal } from "@preact/signals";
import { recall, remember } from "./remembered.js";

export type Theme = "system" | "light" | "dark";

export const themes: readonly Theme[] = ["system", "light", "dark"];

/** The reader's choice; the system's scheme where there is none. */
export const theme = signal<Theme>(themes.find((name) => name === recall("theme")) ?? "system");

effect(() => {
  if (theme.value === "system") delete document.documentElement.dataset["theme"];
  else document.documentElement.dataset["theme"] = theme.value;
  remember("theme", theme.value);
});

/** Changes with whatever changes the colours, for those who draw on a canvas. */
export const scheme = signal<"light" | "dark">("light");

const systemIsDark = matchMedia("(prefers-color-scheme: dark)");
const isSystemDark = signal(systemIsDark.matches);
systemIsDark.addEventListener("change", () => {
  isSystemDark.value = systemIsDark.matches;
});

effect(() => {
  scheme.value = theme.value === "system" ? (isSystemDark.value ? "dark" : "light") : theme.value;
});

/** A token such as `--sent` as the colour that it stands for now, since a canvas doesn't know `light-dark()`. */
export function resolvedColour(token: string): string {
  const probe = document.createElement("span");
  probe.style.color = `var(${token})`;
  document.body.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}
