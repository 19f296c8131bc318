import { type CloseEvent, longestTime } from "./environment.js";
import type { Settings } from "./options.js";

/** Close codes that say that the same attempt would end the same way. [6455] 7.4.1 */
const hopeless = [1002, 1003, 1007, 1008, 1010];

/** Whether there is a point in another attempt: not after a close code that says that the client is wrong. */
export function isWorthRetrying({ code }: CloseEvent): boolean {
  return !hopeless.includes(code);
}

/**
 * Milliseconds before an attempt: anywhere between the shortest delay and a bound that grows with each attempt, so that
 * clients that were cut off together don't come back together.
 * @param attempt 1 for the first after a stable connection.
 */
export function delayBefore(
  attempt: number,
  { minDelay, maxDelay, factor }: Pick<Settings, "minDelay" | "maxDelay" | "factor">,
  { code, retryAfter = 0 }: CloseEvent,
  random: number,
): number {
  // 1012 is a restart, 1013 an overload: all clients are gone at once, and the whole range is there to spread them.
  const bound = code === 1012 || code === 1013 ? maxDelay : Math.min(maxDelay, minDelay * factor ** attempt);
  const delay = minDelay + random * (bound - minDelay);
  // Those that are told the same time to come back need the spread as well.
  return Math.round(Math.min(longestTime, retryAfter + delay));
}
