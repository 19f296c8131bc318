import { setImmediate as nextTurn } from "node:timers/promises";

/** Long enough that only something that never comes runs into it. */
const patience = 20_000;

/** `promise`, or an error that says what did not happen instead of a test that hangs. */
export async function within<T>(promise: Promise<T>, what: string, milliseconds = patience): Promise<T> {
  let guard: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    guard = setTimeout(() => reject(new Error(`waited ${milliseconds} ms for ${what}`)), milliseconds);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(guard);
  }
}

/** Resolves once `condition` holds, looking once a turn of the event loop. */
export async function until(condition: () => boolean, what: string): Promise<void> {
  const deadline = performance.now() + patience;
  while (!condition()) {
    if (performance.now() > deadline) throw new Error(`waited ${patience} ms until ${what}`);
    await nextTurn();
  }
}

/** Passes `count` turns of the event loop. */
export async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn += 1) await nextTurn();
}

/** Passes `count` microtasks, each queued by the one before it. */
export async function microtasks(count: number): Promise<void> {
  for (let step = 0; step < count; step += 1) await undefined;
}
