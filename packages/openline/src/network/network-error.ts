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
  return new NetworkError(codeOf(error), `Could not connect to ${url.host}: ${describe(error)}`, {
    cause: error,
  });
}

function codeOf(error: Error): string {
  return "code" in error && typeof error.code === "string" ? error.code : "ERR_WS_NETWORK";
}

/** When all addresses of a host fail, Node gives an error without words of its own for them all. */
function describe(error: Error): string {
  if (error instanceof AggregateError) return error.errors.map((each: Error) => each.message).join("; ");
  return error.message;
}
