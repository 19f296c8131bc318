import { signal } from "@preact/signals";

export type Layout = "wide" | "medium" | "narrow";

const wide = matchMedia("(min-width: 1160px)");
const medium = matchMedia("(min-width: 760px)");

function current(): Layout {
  if (wide.matches) return "wide";
  return medium.matches ? "medium" : "narrow";
}

/** How many panels stand beside one another: three, two, or one with tabs. */
export const layout = signal<Layout>(current());

for (const query of [wide, medium]) {
  query.addEventListener("change", () => {
    layout.value = current();
  });
}
