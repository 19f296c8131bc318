type Listener = (reason: unknown) => void;

/** What waits for each signal: one listener a signal, however many connections hang on it. */
const waiting = new WeakMap<AbortSignal, Set<Listener>>();

/**
 * Calls `listener` once when `signal` is aborted, at once if it is.
 * @returns ends that.
 */
export function onAbort(signal: AbortSignal, listener: Listener): () => void {
  if (signal.aborted) {
    listener(signal.reason);
    return () => {};
  }
  const listeners = waiting.get(signal) ?? new Set();
  if (listeners.size === 0) {
    waiting.set(signal, listeners);
    signal.addEventListener("abort", tellAll, { once: true });
  }
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) signal.removeEventListener("abort", tellAll);
  };
}

function tellAll(this: AbortSignal): void {
  const listeners = [...(waiting.get(this) ?? [])];
  waiting.delete(this);
  for (const listener of listeners) listener(this.reason);
}
