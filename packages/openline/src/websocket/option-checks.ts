/** Checks of options, shared by client and server. Each names the option, the value and what was expected. */

/** An object of options that has been given as `unknown`. */
export type Given = Readonly<Record<string, unknown>>;

/** @throws TypeError that names the option, the value and what was expected. */
export function refuseOption(name: string, value: unknown, expected: string): never {
  const shown = typeof value === "string" ? JSON.stringify(value) : String(value);
  throw new TypeError(`The option ${name} is ${shown.slice(0, 100)}, but must be ${expected}`);
}

/** @throws TypeError that names the first option that isn't one of `known`. */
export function checkNames(options: object, known: readonly string[], where: string): Given {
  for (const name of Object.keys(options)) {
    if (!known.includes(name)) {
      throw new TypeError(`${where} has no option ${JSON.stringify(name)}; there are ${known.join(", ")}`);
    }
  }
  return options as Given;
}

export function checkBoolean(options: Given, name: string): boolean | undefined {
  const value = options[name];
  if (value === undefined || typeof value === "boolean") return value;
  return refuseOption(name, value, "true or false");
}

export function checkString(options: Given, name: string): string | undefined {
  const value = options[name];
  if (value === undefined || typeof value === "string") return value;
  return refuseOption(name, value, "a string");
}

export function checkInteger(options: Given, name: string, least: number, most: number): number | undefined {
  const value = options[name];
  if (value === undefined) return undefined;
  if (typeof value === "number" && Number.isInteger(value) && value >= least && value <= most) return value;
  return refuseOption(name, value, `a whole number from ${least} to ${most}`);
}

export function checkObject(options: Given, name: string, expected: string): object | undefined {
  const value = options[name];
  if (value === undefined) return undefined;
  if (typeof value === "object" && value !== null) return value;
  return refuseOption(name, value, expected);
}

// A function's parameters can't be checked when it is given: its type is what the caller says it is.
export function checkFunction<F>(options: Given, name: string): F | undefined {
  const value = options[name];
  if (value === undefined) return undefined;
  if (typeof value === "function") return value as F;
  return refuseOption(name, value, "a function");
}

/** Any realm's, and so not by its class. */
export function checkSignal(options: Given, name: string): AbortSignal | undefined {
  const value = options[name];
  if (value === undefined) return undefined;
  if (typeof value === "object" && value !== null && "aborted" in value && "addEventListener" in value) {
    return value as AbortSignal;
  }
  return refuseOption(name, value, "an AbortSignal");
}

/** For a value that may be a secret: it isn't shown. */
export function refuseSecret(name: string, value: unknown, expected: string): never {
  throw new TypeError(`The option ${name} is of type ${typeof value}, but must be ${expected}`);
}
