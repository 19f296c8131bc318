import { diffArrays } from "diff";
import type { Outcome, OutcomeEnd } from "./player.js";
import type { MessageData, Scene } from "./scene.js";

/** How an answer differs from the recording. Messages of the other side are counted from 1. */
export type Difference =
  /** It's another one. */
  | {
      readonly kind: "changed";
      readonly number: number;
      readonly expected: MessageData;
      readonly got: MessageData;
    }
  | { readonly kind: "missing"; readonly number: number; readonly expected: MessageData }
  /** The recording has no such message; `number` is its place among those that came. */
  | { readonly kind: "extra"; readonly number: number; readonly got: MessageData }
  /** The connection was ended by the other side otherwise than in the recording, or not at all. */
  | {
      readonly kind: "end";
      readonly expected: RecordedEnd | undefined;
      readonly got: OutcomeEnd | undefined;
    };

/** How the other side has ended the connection in the recording. */
export interface RecordedEnd {
  readonly code: number;
  readonly reason: string;
}

/** Past so many differences the lists are compared place by place: to align them would take too long. */
const mostEdits = 1000;

/** @param ignore what matches in a text counts as equal. */
export function compare(
  { steps, end }: Scene,
  outcome: Outcome,
  ignore: readonly RegExp[] = [],
): Difference[] {
  const expected = steps.filter(({ isOwn }) => !isOwn).map(({ data }) => data);
  const own = steps.length - expected.length;
  const differences = compareMessages(expected, outcome.received, ignore);
  const recordedEnd = end?.by === "other" ? { code: end.code, reason: end.reason } : undefined;
  const endDiffers =
    recordedEnd === undefined
      ? outcome.end !== undefined && (outcome.played < own || !outcome.end.wasClean)
      : outcome.end?.code !== recordedEnd.code || outcome.end.reason !== recordedEnd.reason;
  if (endDiffers) differences.push({ kind: "end", expected: recordedEnd, got: outcome.end });
  return differences;
}

function compareMessages(
  expected: readonly MessageData[],
  got: readonly MessageData[],
  ignore: readonly RegExp[],
): Difference[] {
  const key = (data: MessageData): string => keyOf(data, ignore);
  const changes = diffArrays(expected.map(key), got.map(key), { maxEditLength: mostEdits }) ?? [
    { removed: true, added: false, count: expected.length },
    { removed: false, added: true, count: got.length },
  ];
  const differences: Difference[] = [];
  let [atExpected, atGot] = [0, 0];
  // Between two messages that are equal: so many of the recording, and so many that came.
  let [removed, added] = [0, 0];
  const flush = (): void => {
    for (let i = 0; i < Math.max(removed, added); i += 1) {
      const wanted = i < removed ? expected[atExpected + i] : undefined;
      const came = i < added ? got[atGot + i] : undefined;
      if (wanted !== undefined && came !== undefined) {
        if (key(wanted) !== key(came)) {
          differences.push({ kind: "changed", number: atExpected + i + 1, expected: wanted, got: came });
        }
      } else if (wanted !== undefined) {
        differences.push({ kind: "missing", number: atExpected + i + 1, expected: wanted });
      } else if (came !== undefined) {
        differences.push({ kind: "extra", number: atGot + i + 1, got: came });
      }
    }
    atExpected += removed;
    atGot += added;
    [removed, added] = [0, 0];
  };
  for (const change of changes) {
    if (change.removed) removed += change.count;
    else if (change.added) added += change.count;
    else {
      flush();
      atExpected += change.count;
      atGot += change.count;
    }
  }
  flush();
  return differences;
}

/** Equal for messages that count as equal. */
function keyOf(data: MessageData, ignore: readonly RegExp[]): string {
  if (typeof data !== "string") return `binary ${Buffer.from(data).toString("base64")}`;
  return `text ${ignore.reduce((text, expression) => text.replace(expression, "…"), data)}`;
}
