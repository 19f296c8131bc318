/** @throws TypeError for what is no number of bytes. */
export function checkBytes(name: string, value: unknown, least: number): void {
  if (typeof value !== "number" || !(value >= least)) {
    throw new TypeError(`${name} is ${String(value)}, but must be a number of bytes from ${least}`);
  }
}
