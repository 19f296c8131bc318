/** Long enough that only something that never comes runs into it. */
const patience = 30_000;

/** `promise`, or an error that says what did not happen instead of a test that hangs. */
export async function within<T>(promise: Promise<T>, what: () => string): Promise<T> {
  let guard: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    guard = setTimeout(() => reject(new Error(`waited ${patience / 1000} s for ${what()}`)), patience);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(guard);
  }
}
