import type { CloseEvent } from "./environment.js";

/** Close codes that say that the same attempt would end the same way. [6455] 7.4.1 */
const hopeless = [1002, 1003, 1007, 1008, 1010];
/** HTTP statuses of the client's fault that may pass: too slow, too early, too often. */
const passing = [408, 425, 429];

/**
 * Whether there is a point in another attempt: not after a close code or an HTTP status that says that the client is
 * wrong. A browser hides the status, so there every failed attempt is worth another.
 */
export function isWorthRetrying({ code, error }: CloseEvent): boolean {
  const status = statusOf(error);
  const isClientsFault = status >= 400 && status < 500 && !passing.includes(status);
  return !isClientsFault && !hopeless.includes(code);
}

/** The HTTP status of the server's refusal, NaN where it can't be seen. `ws` tells it in the message only. */
function statusOf(error: unknown): number {
  const { status, message } = (error ?? {}) as { status?: number; message?: string };
  return status ?? Number(/(?:status|response:) (\d{3})/.exec(message ?? "")?.[1]);
}

/** Milliseconds that the server asks to wait, 0 where it doesn't or where it can't be seen. */
function retryAfter(error: unknown, now: number): number {
  const { headers } = (error ?? {}) as { headers?: Readonly<Record<string, unknown>> };
  const value = headers?.["retry-after"];
  if (value === undefined) return 0;
  const seconds = Number(value);
  return Math.max(0, (Number.isNaN(seconds) ? Date.parse(String(value)) - now : seconds * 1000) || 0);
}

export interface DelaySettings {
  readonly minDelay: number;
  readonly maxDelay: number;
  readonly factor: number;
}

/**
 * Milliseconds before an attempt: anywhere between the shortest delay and a bound that grows with each attempt, so that
 * clients that were cut off together don't come back together.
 * @param attempt 1 for the first after a stable connection.
 */
export function delayBefore(
  attempt: number,
  { minDelay, maxDelay, factor }: DelaySettings,
  { code, error }: CloseEvent,
  random: number,
  now: number,
): number {
  // 1012 is a restart, 1013 an overload: all clients are gone at once, and the whole range is there to spread them.
  const bound = code === 1012 || code === 1013 ? maxDelay : Math.min(maxDelay, minDelay * factor ** attempt);
  const delay = minDelay + random * (bound - minDelay);
  // Those that are told the same time to come back need the spread as well.
  return Math.min(2 ** 31 - 1, Math.round(retryAfter(error, now) + delay));
}
