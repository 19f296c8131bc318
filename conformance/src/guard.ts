/** No case waits for the clock: this only turns a wait that would never end into a failure that says for what. */
const GUARD_MS = Number(process.env["CONFORMANCE_GUARD_MS"] ?? 20_000);

export async function within<T>(promise: Promise<T>, what: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const guard = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`waited ${GUARD_MS / 1000} s for ${what}`)), GUARD_MS);
  });
  try {
    return await Promise.race([promise, guard]);
  } finally {
    clearTimeout(timer);
  }
}
