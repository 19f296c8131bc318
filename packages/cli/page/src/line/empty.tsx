import { useStore } from "../store/store.js";
import { texts } from "../texts/texts.js";
import { everything } from "./filter.js";
import { filter } from "./line-state.js";

/** What the place of the rows says while there are none. */
export function Empty({ isFiltered }: { readonly isFiltered: boolean }) {
  const { timeline, app } = texts.value;
  const inspect = useStore().hello.value?.inspect;
  if (isFiltered) {
    return (
      <div class="rows-empty">
        <p>{timeline.noMatch}</p>
        <button
          type="button"
          class="button"
          onClick={() => {
            filter.value = everything;
          }}
        >
          {timeline.resetFilters}
        </button>
      </div>
    );
  }
  return (
    <div class="rows-empty">
      <p>{timeline.empty}</p>
      <p class="soft">{inspect ? app.inspecting(inspect.proxyUrl, inspect.targetUrl) : timeline.emptyHint}</p>
      {inspect && <code class="rows-address">{inspect.proxyUrl}</code>}
    </div>
  );
}
