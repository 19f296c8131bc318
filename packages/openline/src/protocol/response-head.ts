import { isToken } from "./http-header.js";
import type { HandshakeHeaders } from "./opening-handshake.js";

/** Bytes of one head that are read at most. */
const longestHead = 64 * 1024;

const blankLine = "\r\n\r\n";
const statusLine = /^HTTP\/1\.[01] [1-9]\d\d(?: [\t\x20-\x7e\x80-\xff]*)?$/;
const beginning = "HTTP/1.";
/** Neither control characters nor a bare CR or LF. RFC 9110, 5.5 */
const fieldValue = /^[\t\x20-\x7e\x80-\xff]*$/;

/** The head of an HTTP/1.1 response, kept as the text that came: 200 bytes a connection less than its headers one by one. */
export class ResponseHead {
  readonly #text: string;

  /** @param text up to the blank line, without it; checked by `readHead`. */
  constructor(text: string) {
    this.#text = text;
  }

  get status(): number {
    return Number(this.#text.slice(9, 12));
  }

  get httpVersion(): string {
    return this.#text.slice(5, 8);
  }

  /** Names and values in turn, as in Node's `rawHeaders`. */
  get headers(): readonly string[] {
    return readFields(this.#text) ?? [];
  }
}

/** Values by lower-case name; those of a name that is repeated are joined. RFC 9110, 5.3 */
export function headersByName(flat: readonly string[]): HandshakeHeaders {
  const headers: Record<string, string> = Object.create(null);
  for (let i = 0; i + 1 < flat.length; i += 2) {
    const name = (flat[i] as string).toLowerCase();
    const value = flat[i + 1] as string;
    const before = headers[name];
    headers[name] = before === undefined ? value : `${before}, ${value}`;
  }
  return headers;
}

/** What was wrong with bytes that should have been a response. */
export class NoResponse {
  readonly what: string;

  constructor(what: string) {
    this.what = what;
  }
}

/** Finds the head of an HTTP/1.1 response in a stream of bytes, however it is cut. RFC 9112, 2 to 5 */
export class ResponseHeadReader {
  /** What came before, where the head didn't come in one piece. */
  #bytes: Buffer | undefined;

  /**
   * Takes the next bytes.
   * @returns the head and the bytes behind it; `undefined` while it isn't all there.
   */
  push(chunk: Buffer): { readonly head: ResponseHead; readonly rest: Buffer } | NoResponse | undefined {
    const bytes = this.#bytes === undefined ? chunk : Buffer.concat([this.#bytes, chunk]);
    if (!beginning.startsWith(bytes.toString("latin1", 0, beginning.length))) {
      return new NoResponse('it does not begin with "HTTP/1."');
    }
    // The blank line may have begun in the bytes that were there.
    const seen = Math.max(0, (this.#bytes?.length ?? 0) - blankLine.length + 1);
    const end = bytes.indexOf(blankLine, seen, "latin1");
    if ((end < 0 ? bytes.length : end) > longestHead) {
      return new NoResponse(`its head has more than ${longestHead} bytes`);
    }
    this.#bytes = end < 0 ? bytes : undefined;
    if (end < 0) return undefined;
    const text = bytes.toString("latin1", 0, end);
    if (!statusLine.test(firstLine(text))) return new NoResponse("its status line is broken");
    if (readFields(text) === undefined) return new NoResponse("a line of its head is broken");
    return { head: new ResponseHead(text), rest: bytes.subarray(end + blankLine.length) };
  }
}

function firstLine(text: string): string {
  const end = text.indexOf("\r\n");
  return end < 0 ? text : text.slice(0, end);
}

/** The names and values of a head; `undefined` where a line is none of a field. RFC 9112, 5.1 */
function readFields(text: string): string[] | undefined {
  const fields: string[] = [];
  let start = firstLine(text).length + 2;
  while (start < text.length) {
    const lineEnd = text.indexOf("\r\n", start);
    const end = lineEnd < 0 ? text.length : lineEnd;
    const colon = text.indexOf(":", start);
    if (colon < 0 || colon > end) return undefined;
    const name = text.slice(start, colon);
    const value = withoutBlanks(text, colon + 1, end);
    if (!isToken(name) || !fieldValue.test(value)) return undefined;
    fields.push(name, value);
    start = end + 2;
  }
  return fields;
}

/** `text[start..end)` without the spaces and tabs around it. Not `trim`, which takes more for blank. */
function withoutBlanks(text: string, start: number, end: number): string {
  while (start < end && isBlank(text.charCodeAt(start))) start++;
  while (start < end && isBlank(text.charCodeAt(end - 1))) end--;
  return text.slice(start, end);
}

function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x09;
}
