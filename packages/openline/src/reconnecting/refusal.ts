import type { CloseEvent } from "./environment.js";
import { isWorthRetrying as isCodeWorthRetrying } from "./reconnection.js";

/** HTTP statuses of the client's fault that may pass: too slow, too early, too often. */
const passing = [408, 425, 429];

/**
 * Whether there is a point in another attempt: not after a close code or an HTTP status that says that the client is
 * wrong. A browser hides the status, so there every failed attempt is worth another.
 */
export function isWorthRetrying(closeEvent: CloseEvent): boolean {
  const { status = 0 } = closeEvent;
  const isClientsFault = status >= 400 && status < 500 && !passing.includes(status);
  return !isClientsFault && isCodeWorthRetrying(closeEvent);
}

/** What the error of a failed attempt tells of the server's answer. */
export function readRefusal(error: unknown, now = Date.now()): Pick<CloseEvent, "status" | "retryAfter"> {
  if (!(error instanceof Error)) return {};
  const { status = statusIn(error.message), headers } = error as Error & {
    readonly status?: number;
    readonly headers?: Readonly<Record<string, unknown>>;
  };
  const wait = headers?.["retry-after"];
  return {
    ...(status !== undefined && { status }),
    ...(wait !== undefined && { retryAfter: waitingTime(String(wait), now) }),
  };
}

/** openline and `ws` name the status in their messages. */
function statusIn(message: string): number | undefined {
  const digits = /(?:status|response:) (\d{3})/.exec(message)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

/** RFC 9110 10.2.3: seconds, or a date. */
function waitingTime(value: string, now: number): number {
  const wait = /^\d+$/.test(value) ? Number(value) * 1000 : Date.parse(value) - now;
  return Math.max(0, wait || 0);
}
