import process from "node:process";
import { Presets, SingleBar } from "cli-progress";
import type { BenchSettings } from "./bench-settings.js";
import type { Load } from "./load.js";

const interval = 200;

/** Shows on a terminal how far the load is; in a pipe nothing. Returns what takes the bar away. */
export function showProgress(load: Load, { connections, duration }: BenchSettings): () => void {
  if (!process.stderr.isTTY) return () => {};
  const bar = new SingleBar(
    {
      stream: process.stderr,
      format: "{phase} {bar} {state}",
      barsize: 30,
      clearOnComplete: true,
      hideCursor: true,
      // What is typed is no business of the bar.
      linewrap: false,
    },
    Presets.shades_classic,
  );
  bar.start(1, 0, { phase: "connecting", state: "" });
  const show = (): void => {
    const { opened, failed, replies } = load.counts;
    const { elapsed } = load;
    if (elapsed === undefined) {
      const settled = opened + failed;
      bar.update(settled / connections, { state: `${settled} of ${connections} connections` });
      return;
    }
    const seconds = Math.min(elapsed, duration) / 1000;
    bar.update(Math.min(1, elapsed / duration), {
      phase: "measuring",
      state: `${seconds.toFixed(0)} of ${duration / 1000} s, ${replies.toLocaleString("en")} replies`,
    });
  };
  const timer = setInterval(show, interval);
  return () => {
    clearInterval(timer);
    bar.stop();
  };
}
