import { InvalidArgumentError } from "commander";

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
