import type { InPlaceOfServer } from "openline/testing";
import { isSame } from "../secret.js";
import {
  headBytes,
  nameOf,
  type RequestHead,
  RequestHeadReader,
  valuesOf,
  withField,
} from "./request-head.js";

/** What a gate changes in requests, and whom it lets through. */
export interface GateOptions {
  /** What the server is to read in `Host`: its own name, and not the line's. */
  readonly host: string;
  /** Added to the request, in place of its own of the same name. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** The only origins that browsers may come from; `undefined` for any. */
  readonly origins: readonly string[] | undefined;
  /** What paths have to begin with, if anything; the server doesn't see it. */
  readonly secret: string | undefined;
}

/** The names that this machine has for itself. A page of another host that gets here by DNS rebinding says its own. */
const loopback = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d+)?$/i;

/** What one client sends on its way to the server: its requests are looked at and changed, the rest is not. */
export class Gate {
  readonly #options: GateOptions;
  /** `undefined` once what comes is no HTTP/1.1, or not any more. */
  #reader: RequestHeadReader | undefined = new RequestHeadReader();
  /** Bytes of a request's body that are still to come. */
  #body = 0;

  constructor(options: GateOptions) {
    this.#options = options;
  }

  pass(bytes: Buffer): Uint8Array | InPlaceOfServer {
    if (this.#reader === undefined) return bytes;
    const passed: Buffer[] = [];
    for (let rest = bytes; rest.length > 0; ) {
      if (this.#reader === undefined || this.#body > 0) {
        const end = this.#reader === undefined ? rest.length : Math.min(this.#body, rest.length);
        passed.push(rest.subarray(0, end));
        this.#body = Math.max(0, this.#body - end);
        rest = rest.subarray(end);
        continue;
      }
      const read = this.#reader.push(rest);
      if (read === undefined) break;
      if (read.kind === "too long") return { answer: answer("431 Request Header Fields Too Large", "") };
      const refusal = read.kind === "request" ? this.#refusal(read.head) : undefined;
      if (refusal !== undefined) return { answer: refusal };
      this.#body = read.kind === "request" ? bodyLength(read.head) : Infinity;
      this.#reader = this.#body === Infinity ? undefined : new RequestHeadReader();
      if (read.kind === "request") passed.push(headBytes(this.#changed(read.head)));
      rest = read.kind === "request" ? read.rest : read.bytes;
    }
    return passed.length === 1 ? (passed[0] ?? nothing) : Buffer.concat(passed);
  }

  #refusal(head: RequestHead): Buffer | undefined {
    const [host = "", ...others] = valuesOf(head, "host");
    if (others.length > 0 || !loopback.test(host)) {
      return answer(
        "403 Forbidden",
        "This address is for programs on this machine: the Host header must name it.",
      );
    }
    if (this.#pathOf(head) === undefined) return answer("404 Not Found", "");
    const { origins } = this.#options;
    const foreign = valuesOf(head, "origin").find((origin) => origins?.includes(origin) === false);
    return foreign === undefined ? undefined : answer("403 Forbidden", "This address is for another origin.");
  }

  /** What the server is to be asked for; `undefined` for who doesn't know the secret. */
  #pathOf({ startLine }: RequestHead): string | undefined {
    const { secret } = this.#options;
    const [, path = ""] = startLine.split(" ");
    if (secret === undefined) return path;
    const end = 1 + secret.length;
    return isSame(path.slice(1, end), secret) && path[end] === "/" ? path.slice(end) : undefined;
  }

  #changed(head: RequestHead): RequestHead {
    const { host, headers } = this.#options;
    const names = new Set(headers.map(([name]) => name.toLowerCase()));
    const { fields } = withField(head, "host", `Host: ${host}`);
    const startLine = head.startLine.replace(/ \S*/, () => ` ${this.#pathOf(head)}`);
    const kept = fields.filter((field) => !names.has(nameOf(field)));
    return { startLine, fields: [...kept, ...headers.map(([name, value]) => `${name}: ${value}`)] };
  }
}

const nothing = new Uint8Array(0);

/** After a request that may change the protocol, or whose end is not to be seen from its head, there is no other. */
function bodyLength(head: RequestHead): number {
  if (valuesOf(head, "upgrade").length > 0 || valuesOf(head, "transfer-encoding").length > 0) return Infinity;
  const [length = "0"] = valuesOf(head, "content-length");
  return /^\d{1,15}$/.test(length) ? Number(length) : Infinity;
}

function answer(status: string, why: string): Buffer {
  const lines = [
    `HTTP/1.1 ${status}`,
    "Connection: close",
    "Content-Type: text/plain; charset=utf-8",
    `Content-Length: ${why.length}`,
  ];
  return Buffer.from(`${lines.join("\r\n")}\r\n\r\n${why}`);
}
