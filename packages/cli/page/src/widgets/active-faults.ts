import type { DirectionFaults, FaultState } from "../../../src/workbench/control-protocol.js";
import { formatBytes, formatDuration } from "../texts/format.js";
import type { Texts } from "../texts/texts.js";

/** The faults that are on, one phrase each: those of both ways once. */
export function activeFaults(
  { toServer, toClient, handshakes }: FaultState,
  faults: Texts["faults"],
): string[] {
  const there = phrases(toServer, faults);
  const back = phrases(toClient, faults);
  const active = [
    ...there.filter((phrase) => back.includes(phrase)).map((phrase) => `${phrase} ⇄`),
    ...there
      .filter((phrase) => !back.includes(phrase))
      .map((phrase) => `${phrase} → ${faults.directions["to-server"]}`),
    ...back
      .filter((phrase) => !there.includes(phrase))
      .map((phrase) => `${phrase} → ${faults.directions["to-client"]}`),
  ];
  if (handshakes === "drop") active.push(faults.dropHandshakes);
  if (typeof handshakes === "number") active.push(`${faults.answer} ${handshakes}`);
  return active;
}

function phrases({ delay, bytesPerSecond, isHeld }: DirectionFaults, faults: Texts["faults"]): string[] {
  const found: string[] = [];
  if (delay > 0) found.push(`${faults.delay} ${formatDuration(delay)}`);
  if (bytesPerSecond !== null) found.push(`${faults.throttle} ${formatBytes(bytesPerSecond)}/s`);
  if (isHeld) found.push(faults.hold);
  return found;
}
