import { signal, useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { useStore } from "../store/store.js";

type ChartsModule = typeof import("../widgets/charts.js");

const loaded = signal<ChartsModule | undefined>(undefined);

/** The charts, whose library is loaded once they are looked at. */
export function ChartsPanel() {
  const problem = useSignal<string | undefined>(undefined);
  useEffect(() => {
    import("../widgets/charts.js").then(
      (module) => {
        loaded.value = module;
      },
      // uPlot refuses a language tag that isn't one, such as Chromium's where LANG is C.
      (error: Error) => {
        problem.value = error.message;
      },
    );
  }, [problem]);
  const { traffic, name } = useStore().shown.value;
  return (
    <div class="panel">
      {problem.value !== undefined && <p class="problem">{problem.value}</p>}
      {loaded.value && (
        <loaded.value.Charts
          traffic={traffic.seconds}
          version={traffic.version.value}
          isLive={name === undefined}
        />
      )}
    </div>
  );
}
