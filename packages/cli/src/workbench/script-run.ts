import { setTimeout as sleep } from "node:timers/promises";
import type { Fault } from "./control-protocol.js";
import type { ScriptStep } from "./fault-script.js";

/** How a script ended. */
export type ScriptEnd =
  | { readonly ended: "finished" | "stopped" }
  | { readonly ended: "failed"; readonly message: string };

/** Does a script's steps one after the other. @param onLine is told before each. */
export async function runScript(
  steps: readonly ScriptStep[],
  apply: (fault: Fault) => void,
  onLine: (line: number) => void,
  signal: AbortSignal,
): Promise<ScriptEnd> {
  try {
    for (const step of steps) {
      if (signal.aborted) return { ended: "stopped" };
      onLine(step.line);
      if ("wait" in step) await sleep(step.wait, undefined, { signal });
      else apply(step.fault);
    }
    return { ended: "finished" };
  } catch (error) {
    if (signal.aborted) return { ended: "stopped" };
    return { ended: "failed", message: error instanceof Error ? error.message : String(error) };
  }
}
