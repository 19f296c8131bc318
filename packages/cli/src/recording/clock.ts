import { toMicroseconds } from "./har.js";

// No Node module here: the page imports it, too.

/** Milliseconds since 1970, with microseconds: as exact as a recording can say it, and never going back. */
export function now(): number {
  return toMicroseconds(performance.timeOrigin + performance.now());
}
