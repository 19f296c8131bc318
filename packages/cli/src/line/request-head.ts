/** A request's head, to be changed here and there and otherwise passed on as it came. */
export interface RequestHead {
  readonly startLine: string;
  /** Whole lines, without their ends. */
  readonly fields: readonly string[];
}

const maxLength = 2 ** 16;
const end = "\r\n\r\n";

/** What the bytes of a client turn out to be. */
export type ReadBytes =
  | { readonly kind: "request"; readonly head: RequestHead; readonly rest: Buffer }
  /** A request whose head doesn't come to its end. */
  | { readonly kind: "too long" }
  /** No HTTP/1.1 at all. */
  | { readonly kind: "other"; readonly bytes: Buffer };

/** Gathers a request's head from bytes that come in pieces. */
export class RequestHeadReader {
  #bytes = Buffer.alloc(0);

  /** `undefined` while it can't be said. */
  push(bytes: Buffer): ReadBytes | undefined {
    const from = Math.max(this.#bytes.length - 3, 0);
    this.#bytes = Buffer.concat([this.#bytes, bytes]);
    if (!looksLikeRequest(this.#bytes)) return { kind: "other", bytes: this.#bytes };
    const at = this.#bytes.indexOf(end, from, "latin1");
    if (at > maxLength || (at < 0 && this.#bytes.length > maxLength)) return { kind: "too long" };
    if (at < 0) return undefined;
    const [startLine = "", ...fields] = this.#bytes.toString("latin1", 0, at).split("\r\n");
    return { kind: "request", head: { startLine, fields }, rest: this.#bytes.subarray(at + end.length) };
  }
}

/** Whether the first line, as far as it is there, may be one: a client that speaks something else waits for an answer. */
function looksLikeRequest(bytes: Buffer): boolean {
  const line = bytes.toString("latin1", 0, Math.min(bytes.length, 4096)).split("\r\n", 1)[0] ?? "";
  return /^[!#$%&'*+\-.^_`|~0-9A-Za-z]*(?: [!-~\x80-\xff]*(?: [!-~]*)?)?\r?$/.test(line);
}

export function headBytes({ startLine, fields }: RequestHead): Buffer {
  return Buffer.from([startLine, ...fields].join("\r\n") + end, "latin1");
}

/** The values of a field, in their order. */
export function valuesOf({ fields }: RequestHead, name: string): string[] {
  return fields
    .filter((field) => nameOf(field) === name)
    .map((field) => field.slice(field.indexOf(":") + 1).trim());
}

/** Puts `line` in the place of the field's first line; other lines of it go. Without one, it comes first. */
export function withField({ startLine, fields }: RequestHead, name: string, line: string): RequestHead {
  const first = fields.findIndex((field) => nameOf(field) === name);
  const others = fields.filter((field) => nameOf(field) !== name);
  // Before it there is no other line of the same name.
  return { startLine, fields: others.toSpliced(Math.max(first, 0), 0, line) };
}

/** In lower case. */
export function nameOf(field: string): string {
  return field
    .slice(0, Math.max(field.indexOf(":"), 0))
    .trim()
    .toLowerCase();
}
