import type { InPlaceOfServer } from "openline/testing";
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
}

/** The names that this machine has for itself. A page of another host that gets here by DNS rebinding says its own. */
const loopback = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d+)?$/i;

/** What one client sends on its way to the server: the first request is looked at and changed, the rest is not. */
export class Gate {
  readonly #options: GateOptions;
  #reader: RequestHeadReader | undefined = new RequestHeadReader();

  constructor(options: GateOptions) {
    this.#options = options;
  }

  pass(bytes: Buffer): Uint8Array | InPlaceOfServer {
    if (this.#reader === undefined) return bytes;
    const read = this.#reader.push(bytes);
    if (read === undefined) return nothing;
    this.#reader = undefined;
    if (read.kind === "other") return read.bytes;
    if (read.kind === "too long") return { answer: answer("431 Request Header Fields Too Large", "") };
    const refusal = this.#refusal(read.head);
    if (refusal !== undefined) return { answer: refusal };
    const head = headBytes(this.#changed(read.head));
    return read.rest.length === 0 ? head : Buffer.concat([head, read.rest]);
  }

  #refusal(head: RequestHead): Buffer | undefined {
    const [host = "", ...others] = valuesOf(head, "host");
    if (others.length > 0 || !loopback.test(host)) {
      return answer(
        "403 Forbidden",
        "This address is for programs on this machine: the Host header must name it.",
      );
    }
    const { origins } = this.#options;
    const foreign = valuesOf(head, "origin").find((origin) => origins?.includes(origin) === false);
    return foreign === undefined ? undefined : answer("403 Forbidden", "This address is for another origin.");
  }

  #changed(head: RequestHead): RequestHead {
    const { host, headers } = this.#options;
    const names = new Set(headers.map(([name]) => name.toLowerCase()));
    const { startLine, fields } = withField(head, "host", `Host: ${host}`);
    const kept = fields.filter((field) => !names.has(nameOf(field)));
    return { startLine, fields: [...kept, ...headers.map(([name, value]) => `${name}: ${value}`)] };
  }
}

const nothing = new Uint8Array(0);

function answer(status: string, why: string): Buffer {
  const lines = [
    `HTTP/1.1 ${status}`,
    "Connection: close",
    "Content-Type: text/plain; charset=utf-8",
    `Content-Length: ${why.length}`,
  ];
  return Buffer.from(`${lines.join("\r\n")}\r\n\r\n${why}`);
}
