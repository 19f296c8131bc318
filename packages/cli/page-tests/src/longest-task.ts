import type { Browser, Page } from "playwright-core";

interface TraceEvent {
  readonly name: string;
  readonly cat: string;
  readonly ph: string;
  readonly pid: number;
  readonly tid: number;
  /** Microseconds of the thread's processor time; what other programs took doesn't count. */
  readonly tdur?: number;
  readonly dur?: number;
  readonly args?: { readonly name?: string };
}

/**
 * The longest task of the page's main thread while `act` is at work, in milliseconds of processor time: so a machine
 * that is busy with something else gives the same.
 */
export async function longestTask(
  browser: Browser,
  page: Page,
  act: () => Promise<void>,
): Promise<{ readonly milliseconds: number; readonly tasks: number }> {
  await browser.startTracing(page, {
    categories: ["toplevel", "__metadata", "devtools.timeline", "disabled-by-default-devtools.timeline"],
  });
  let trace: Buffer;
  try {
    await act();
  } finally {
    trace = await browser.stopTracing();
  }
  const { traceEvents } = JSON.parse(trace.toString()) as { readonly traceEvents: readonly TraceEvent[] };
  const mainThreads = new Set(
    traceEvents
      .filter(({ name, args }) => name === "thread_name" && args?.name === "CrRendererMain")
      .map(({ pid, tid }) => `${pid} ${tid}`),
  );
  let longest = 0;
  let tasks = 0;
  for (const { name, pid, tid, tdur } of traceEvents) {
    if (!name.endsWith("RunTask") || tdur === undefined || !mainThreads.has(`${pid} ${tid}`)) continue;
    tasks++;
    longest = Math.max(longest, tdur / 1000);
  }
  return { milliseconds: longest, tasks };
}
