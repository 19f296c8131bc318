import { InvalidArgumentError } from "commander";

// Readers of an option's value, for commander, which names the option and the value in front of what they say.

/** A whole number from `least` to `most`. */
export function wholeNumber(least: number, most = Number.MAX_SAFE_INTEGER): (text: string) => number {
  return (text) => {
    const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
    if (value >= least && value <= most) return value;
    const upTo = most === Number.MAX_SAFE_INTEGER ? "" : ` to ${most}`;
    throw new InvalidArgumentError(`Expected a whole number from ${least}${upTo}`);
  };
}

/** What a timer can wait for. */
const mostSeconds = 2 ** 31 / 1000 - 1;

/** Seconds, with a fraction if need be; "forever" is Infinity where it is allowed. */
export function seconds(least: number, { forever = false } = {}): (text: string) => number {
  return (text) => {
    if (forever && text === "forever") return Infinity;
    const value = /^(\d+(\.\d*)?|\.\d+)$/.test(text) ? Number(text) : Number.NaN;
    if (value >= least && value <= mostSeconds) return value;
    const more = forever ? ', or "forever"' : "";
    const limit = least === 0 ? "" : ` from ${least}`;
    throw new InvalidArgumentError(`Expected a number of seconds${limit}, such as 2 or 0.5${more}`);
  };
}

/** A number that may have a fraction. */
export function decimal(least: number): (text: string) => number {
  return (text) => {
    const value = /^(\d+(\.\d*)?|\.\d+)$/.test(text) ? Number(text) : Number.NaN;
    if (value >= least && value <= Number.MAX_SAFE_INTEGER) return value;
    throw new InvalidArgumentError(`Expected a number from ${least}, such as 2 or 0.5`);
  };
}

/** Gathers the values of an option that may be repeated. */
export function collect(value: string, earlier: readonly string[] = []): readonly string[] {
  return [...earlier, value];
}

/** How many times as fast; "max" is Infinity. */
export function speed(text: string): number {
  if (text === "max") return Number.POSITIVE_INFINITY;
  const value = /^(\d+(\.\d*)?|\.\d+)$/.test(text) ? Number(text) : Number.NaN;
  if (value > 0 && value < Number.POSITIVE_INFINITY) return value;
  throw new InvalidArgumentError('Expected a number over 0, such as 2 or 0.5, or "max"');
}
