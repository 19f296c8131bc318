import process from "node:process";

/**
 * Calls `end` when the user, or the system, wants the command to end (`Ctrl+C`, `kill`, a closed terminal). The second
 * time it ends at once. Returns what takes that back.
 */
export function onInterruption(end: () => void): () => void {
  let isEnding = false;
  const listener = (): void => {
    if (isEnding) process.exit(1);
    isEnding = true;
    end();
  };
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  for (const signal of signals) process.on(signal, listener);
  return () => {
    for (const signal of signals) process.off(signal, listener);
  };
}
