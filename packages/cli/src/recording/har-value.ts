// No Node module here: the page imports it, too.

/** A file is no HAR archive, or a broken one: says where, and what is wrong there. */
export class HarError extends Error {
  override readonly name = "HarError";
}

/** A value within an archive, which knows where it stands. */
export class Value {
  readonly value: unknown;
  readonly #place: string;

  constructor(value: unknown, place: string) {
    this.value = value;
    this.#place = place;
  }

  /** The error for a value that is something else than `expected`. */
  wrong(expected: string): HarError {
    const given = this.value === undefined ? "missing" : shown(this.value);
    return new HarError(
      `${this.#place === "" ? "the file" : this.#place} is ${given}, but must be ${expected}`,
    );
  }

  /** The error for a value that isn't shown, since it may hold a secret. */
  wrongSecret(expected: string): HarError {
    return new HarError(`${this.#place} must be ${expected}`);
  }

  field(name: string): Value {
    if (typeof this.value !== "object" || this.value === null || Array.isArray(this.value)) {
      throw this.wrong("an object");
    }
    const place = this.#place === "" ? name : `${this.#place}.${name}`;
    return new Value((this.value as Record<string, unknown>)[name], place);
  }

  /** `undefined` where the field is missing, or null. */
  optional(name: string): Value | undefined {
    const field = this.field(name);
    return field.value === undefined || field.value === null ? undefined : field;
  }

  items(): Value[] {
    if (!Array.isArray(this.value)) throw this.wrong("a list");
    return this.value.map((item, index) => new Value(item, `${this.#place}[${index}]`));
  }

  text(): string {
    if (typeof this.value !== "string") throw this.wrong("a text");
    return this.value;
  }

  number(): number {
    if (typeof this.value !== "number") throw this.wrong("a number");
    return this.value;
  }

  integer(): number {
    if (!Number.isSafeInteger(this.value)) throw this.wrong("a whole number");
    return this.value as number;
  }

  boolean(): boolean {
    if (typeof this.value !== "boolean") throw this.wrong("true or false");
    return this.value;
  }
}

/** The root of a JSON text. */
export function parsedValue(text: string): Value {
  // A byte order mark is no JSON, but some programs write one.
  const json = text.startsWith("\ufeff") ? text.slice(1) : text;
  if (json.trim() === "") throw new HarError("the file is empty");
  try {
    return new Value(JSON.parse(json), "");
  } catch (error) {
    throw new HarError(`the file is no JSON: ${placed(error instanceof Error ? error.message : "", json)}`);
  }
}

/** Engines tell the position, if they do, in characters; people look for lines. */
function placed(message: string, text: string): string {
  if (/end of (?:JSON )?(?:input|data)|Unterminated/i.test(message)) return "it breaks off before its end";
  const position = /at position (\d+)/.exec(message)?.[1];
  if (position === undefined) return message;
  const before = text.slice(0, Number(position)).split("\n");
  const said = message.replace(/,? ?(?:in JSON )?at position .*$/, "");
  return `${said} in line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}`;
}

function shown(value: unknown): string {
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object" && value !== null) return "an object";
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
