import { signal } from "@preact/signals";
import type { HelloMessage } from "../../../src/workbench/control-protocol.js";
import type { Layout } from "./layout.js";

export const allViews = ["connect", "line", "object", "charts", "faults", "recordings"] as const;

export type View = (typeof allViews)[number];

/** The panel that was chosen last, which the layout shows as far as it's behind a tab; its first tab's otherwise. */
export const view = signal<View | undefined>(undefined);

/** The panels that this layout has behind tabs, in their order. */
export function viewsOf(mode: HelloMessage["mode"], layout: Layout): readonly View[] {
  const besides: readonly View[] =
    layout === "wide" ? ["connect", "line"] : layout === "medium" ? ["connect"] : [];
  // An application's objects live in the application.
  return allViews.filter((name) => !besides.includes(name) && !(mode === "inspect" && name === "object"));
}
