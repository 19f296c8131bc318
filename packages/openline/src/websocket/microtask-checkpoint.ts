/**
 * What Node itself does between two callbacks: runs ticks and microtasks until there are none, so that a task of the
 * standard's can be followed by another in the same callback (12 ns, where an immediate takes 45).
 *
 * The function has no public name, though it has been there since Node's first years; it is `undefined` where it isn't
 * what we know, as under `--pending-deprecation`, which would have it warn.
 *
 * Only for callbacks that have no script below them. It throws what nobody has caught, and that has to end the callback:
 * Node's record of asynchronous contexts is set right only then.
 */
export const checkpoint = findCheckpoint();

function findCheckpoint(): (() => void) | undefined {
  const candidate: unknown = Reflect.get(process, "_tickCallback");
  const isKnown = typeof candidate === "function" && candidate.name === "runNextTicks";
  return isKnown ? (candidate as () => void) : undefined;
}
