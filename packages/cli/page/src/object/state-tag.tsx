import { stateNames } from "./state-names.js";

/** `readyState` in its colour. */
export function StateTag({ state }: { readonly state: 0 | 1 | 2 | 3 | undefined }) {
  if (state === undefined) return null;
  return (
    <span class="tag" data-state={state}>
      {stateNames[state]}
    </span>
  );
}
