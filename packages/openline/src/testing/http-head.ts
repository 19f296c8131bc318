import { type Bytes, noBytes } from "../protocol/buffer.js";

/** More than servers and clients take. */
const maxLength = 2 ** 16;

/** What is looked at of a start line that is still coming. */
const maxShownLine = 4096;

/** Whether it may be the beginning of a request line: somebody who speaks another protocol waits for an answer. */
export function mayBeRequestLine(line: string): boolean {
  return /^[!#$%&'*+\-.^_`|~0-9A-Za-z]*(?: [!-~\x80-\xff]*(?: [!-~]*)?)?$/.test(line);
}

/** Whether it may be the beginning of a status line. */
export function mayBeStatusLine(line: string): boolean {
  return "HTTP/1.".startsWith(line.slice(0, 7));
}

/** The start line and the fields of an HTTP/1.1 message. */
export interface HttpHead {
  readonly startLine: string;
  /** Names and values in the order of the wire. */
  readonly headers: readonly (readonly [name: string, value: string])[];
}

/** Finds the head of an HTTP/1.1 message in bytes that come in pieces. */
export class HttpHeadReader {
  readonly #mayBegin: (line: string) => boolean;
  #bytes: Bytes = noBytes;

  /** @param mayBegin whether a start line, of which perhaps only the beginning has come, may be one. */
  constructor(mayBegin: (line: string) => boolean) {
    this.#mayBegin = mayBegin;
  }

  /**
   * Takes the next bytes. Gives the head and what comes behind it, `undefined` while it isn't complete, and null where it
   * can't be one.
   */
  push(bytes: Bytes): { readonly head: HttpHead; readonly rest: Bytes } | null | undefined {
    const from = Math.max(this.#bytes.length - 3, 0);
    this.#bytes = this.#bytes.length === 0 ? bytes : (Buffer.concat([this.#bytes, bytes]) as Bytes);
    const beginning = this.#bytes.latin1Slice(0, Math.min(this.#bytes.length, maxShownLine));
    if (!this.#mayBegin(beginning.replace(/\r?\n.*$|\r$/s, ""))) return null;
    const end = this.#bytes.indexOf("\r\n\r\n", from, "latin1");
    if (end > maxLength || (end < 0 && this.#bytes.length > maxLength)) return null;
    if (end < 0) {
      // The caller's memory may change before the next bytes are there.
      if (this.#bytes === bytes) this.#bytes = Buffer.from(bytes) as Bytes;
      return undefined;
    }
    const head = parseHead(this.#bytes.latin1Slice(0, end));
    const rest = this.#bytes.subarray(end + 4) as Bytes;
    this.#bytes = noBytes;
    return head && { head, rest };
  }
}

const field = /^([!#$%&'*+\-.^_`|~0-9A-Za-z]+):[ \t]*(.*?)[ \t]*$/;

function parseHead(text: string): HttpHead | null {
  const [startLine = "", ...lines] = text.split("\r\n");
  const headers: [string, string][] = [];
  for (const line of lines) {
    const match = field.exec(line);
    if (match === null) return null;
    headers.push([match[1] ?? "", match[2] ?? ""]);
  }
  return { startLine, headers };
}
