import assert from "node:assert/strict";
import type { Difference, Transcript } from "./scene.js";

/** Chromium's transcript with every documented difference replaced: what openline's has to be. */
export function expected(chromium: Transcript, differences: readonly Difference[] = []): Transcript {
  return differences.reduce(replaced, chromium);
}

function replaced(transcript: Transcript, difference: Difference): Transcript {
  const wanted = difference.chromium;
  const places = transcript.flatMap((_, at) => {
    return same(transcript.slice(at, at + wanted.length), wanted) ? [at] : [];
  });
  const [at] = places;
  if (at === undefined || places.length > 1) {
    assert.fail(
      `Chromium's lines of a difference stand at ${places.length} places instead of one (${difference.why}): ` +
        `${JSON.stringify(wanted)} in ${JSON.stringify(transcript)}`,
    );
  }
  return [...transcript.slice(0, at), ...difference.openline, ...transcript.slice(at + wanted.length)];
}

function same(left: unknown, right: unknown): boolean {
  try {
    assert.deepEqual(left, right);
    return true;
  } catch {
    return false;
  }
}
