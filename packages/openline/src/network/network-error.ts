import { type ProxyServer, shownProxy } from "./proxy.js";

/** A connection that the network or TLS refused or broke, under the code that Node gives: `ECONNREFUSED` … */
export class NetworkError extends Error {
  override readonly name = "NetworkError";
  /** Node's own name of what went wrong, or `ERR_WS_NETWORK` where it gave none. */
  readonly code: string;

  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** Says in words, with host and port but without the rest of the URL, what kept us from `url`. */
export function toNetworkError(error: Error, url: URL): NetworkError {
  return failedTo(`connect to ${url.host}`, error);
}

/** What kept us from the proxy. */
export function toProxyError(error: Error, proxy: ProxyServer): NetworkError {
  return failedTo(`connect to the proxy ${shownProxy(proxy)}`, error);
}

/** What kept us from the Unix domain socket. */
export function toUnixSocketError(error: Error, path: string): NetworkError {
  return failedTo(`connect to the socket ${path}`, error);
}

const harmless = ["code", "errno", "syscall", "address", "port", "hostname", "host", "reason", "library"];

/** The error of an agent, which may carry the agent's own options, and with them passwords, without such details. */
export function withoutDetails(error: Error): Error {
  // Only Node makes this one, of its own errors.
  if (error instanceof AggregateError) return error;
  const copy = new Error(error.message);
  Object.defineProperty(copy, "name", { value: error.name, configurable: true, writable: true });
  if (error.stack !== undefined) copy.stack = error.stack;
  for (const name of harmless) if (name in error) Object.assign(copy, { [name]: Reflect.get(error, name) });
  return copy;
}

/** What came of the program's own `createConnection`. */
export function toFactoryError(error: unknown): NetworkError {
  return failedTo("get a connection from createConnection", error);
}

function failedTo(what: string, error: unknown): NetworkError {
  return new NetworkError(codeOf(error), `Could not ${what}: ${describe(error)}`, { cause: error });
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error && typeof error.code === "string"
    ? error.code
    : "ERR_WS_NETWORK";
}

/** When all addresses of a host fail, Node gives an error without words of its own for them all. */
function describe(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map((each: Error) => each.message).join("; ");
  return error instanceof Error ? error.message : String(error);
}
