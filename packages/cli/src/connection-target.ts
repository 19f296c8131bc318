import { readFileSync } from "node:fs";
import { validateHeaderName, validateHeaderValue } from "node:http";
import type { WebSocketOptions } from "openline";
import type { ConnectionFlags } from "./connection-options.js";
import { UsageError } from "./exit.js";

// What the options that say how to connect come to. What they may be is the library's to say; here its words are turned
// into those of the command line.

/** What `new WebSocket(url, options)` takes. */
export interface ConnectionTarget {
  readonly url: string;
  readonly options: WebSocketOptions;
}

/** @throws UsageError that names the option, the value unless it may be a secret, and what was expected. */
export async function readConnectionTarget(url: string, flags: ConnectionFlags): Promise<ConnectionTarget> {
  const target = { url: readUrl(url), options: readConnectionOptions(flags) };
  if (flags.auth !== undefined && /^[^/]*\/\/[^/?#]*@/.test(target.url)) {
    throw new UsageError("--auth: the URL has a user name and password as well");
  }
  await checkTarget(target, flags);
  return target;
}

/** A URL as people write it: `localhost:8080` and `:8080` stand for `ws://localhost:8080`. */
export function readUrl(text: string): string {
  if (/^wss?\+unix:/i.test(text) || text.includes("://")) return text;
  return `ws://${text.startsWith(":") ? `localhost${text}` : text}`;
}

function readConnectionOptions(flags: ConnectionFlags): WebSocketOptions {
  const { subprotocol, origin, proxy, insecure, http2, deflate } = flags;
  const headers = readHeaders(flags);
  return {
    ...(subprotocol === undefined ? {} : { protocols: subprotocol }),
    ...(headers.length === 0 ? {} : { headers }),
    ...(origin === undefined ? {} : { origin }),
    ...(proxy === undefined ? {} : { proxy }),
    ...readCertificates(flags),
    ...(insecure ? { rejectUnauthorized: false } : {}),
    ...(http2 ? { http2: true } : {}),
    ...(deflate ? {} : { perMessageDeflate: false }),
  };
}

function readHeaders({ header = [], auth }: ConnectionFlags): [name: string, value: string][] {
  const headers = header.flatMap((text) =>
    text.startsWith("@") ? headersOf(text) : [readHeader(text, "--header")],
  );
  if (auth === undefined) return headers;
  if (headers.some(([name]) => name.toLowerCase() === "authorization")) {
    throw new UsageError("--auth: a --header gives Authorization as well");
  }
  const credentials = auth.startsWith("@") ? readFile("--auth", auth.slice(1)).toString().trimEnd() : auth;
  if (!credentials.includes(":")) {
    throw new UsageError("--auth: expected user:password (a password may be empty), or @FILE that holds it");
  }
  return [...headers, ["Authorization", `Basic ${Buffer.from(credentials).toString("base64")}`]];
}

function headersOf(reference: string): [name: string, value: string][] {
  const lines = readFile("--header", reference.slice(1)).toString().split(/\r?\n/);
  return lines.flatMap((line, index) =>
    line.trim() === "" || line.startsWith("#")
      ? []
      : [readHeader(line, `--header "${reference}", line ${index + 1},`)],
  );
}

/** A value may be a secret: it isn't shown. */
function readHeader(text: string, option: string): [name: string, value: string] {
  const colon = text.indexOf(":");
  if (colon < 1) {
    const [first = ""] = text.trim().split(/\s/);
    throw new UsageError(`${option} "${first}…": expected "Name: value", or @FILE with one a line`);
  }
  const name = text.slice(0, colon).trim();
  const value = text.slice(colon + 1).trim();
  try {
    validateHeaderName(name);
    validateHeaderValue(name, value);
  } catch {
    throw new UsageError(`${option} "${name}: …": its name or value has characters that HTTP does not allow`);
  }
  return [name, value];
}

function readCertificates({ ca, cert, key }: ConnectionFlags): Pick<WebSocketOptions, "ca" | "cert" | "key"> {
  if (key !== undefined && cert === undefined) {
    throw new UsageError(`--key "${key}": expected --cert with it, the certificate that it belongs to`);
  }
  const certificate = cert === undefined ? undefined : readFile("--cert", cert);
  const privateKey = key === undefined ? certificate : readFile("--key", key);
  if (cert !== undefined && key === undefined && !certificate?.includes("PRIVATE KEY-----")) {
    throw new UsageError(`--cert "${cert}": there is no private key in it, so --key is needed as well`);
  }
  return {
    ...(ca === undefined ? {} : { ca: readFile("--ca", ca) }),
    ...(certificate === undefined ? {} : { cert: certificate }),
    ...(privateKey === undefined ? {} : { key: privateKey }),
  };
}

/** @throws UsageError that says why the file can't be read. */
export function readFile(option: string, path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    throw new UsageError(`${option} "${path}": can't be read (${whyUnreadable(error)})`);
  }
}

/** What the system says about a file, without the path. */
export function whyUnreadable(error: unknown): string {
  const { code = "", message = String(error) } = error as NodeJS.ErrnoException;
  return message.replace(/^[A-Z0-9_]+: /, "").replace(/, \w+( '.*)?$/s, "") || code;
}

/** The library refuses at construction what can't be right. An aborted object is never dialled. */
async function checkTarget({ url, options }: ConnectionTarget, flags: ConnectionFlags): Promise<void> {
  const { WebSocket } = await import("openline");
  try {
    const probe = new WebSocket(url, { ...options, signal: AbortSignal.abort() });
    // Nobody who listens to traces from here on is to hear of it.
    await new Promise((resolve) => probe.addEventListener("close", resolve));
  } catch (error) {
    if (error instanceof TypeError || error instanceof DOMException) {
      throw new UsageError(inWordsOfTheCommand(error.message, flags));
    }
    throw error;
  }
}

const flagsOfOptions: Readonly<Record<string, keyof ConnectionFlags>> = {
  headers: "header",
  origin: "origin",
  proxy: "proxy",
  ca: "ca",
  cert: "cert",
  key: "key",
};

/** The library's words name the options of its constructor, and hide secrets already. */
function inWordsOfTheCommand(message: string, flags: ConnectionFlags): string {
  const [, subprotocol] = /^The subprotocol (".*") is not a token/s.exec(message) ?? [];
  if (subprotocol !== undefined) {
    return `--subprotocol ${subprotocol}: expected a name without spaces, commas and the like, and each only once`;
  }
  const [, option = "", rest = ""] = /^The option (\w+) (.*)$/s.exec(message) ?? [];
  const flag = flagsOfOptions[option];
  if (flag === undefined) return message;
  const [, value, expected] = /^is (".*"), but must be (.*?)(?:; for SOCKS,.*)?$/s.exec(rest) ?? [];
  if (value !== undefined) return `--${flag} ${value}: expected ${expected}`;
  const [, why, wanted] = /^can't be used \((.*)\), but must be (.*)$/s.exec(rest) ?? [];
  if (why !== undefined)
    return `--${flag} "${String(flags[flag] ?? flags.cert)}": expected ${wanted} (${why})`;
  return `--${flag} ${rest}`;
}
