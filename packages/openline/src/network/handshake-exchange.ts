/** The request of an opening handshake as it goes over the wire. */
export interface HandshakeRequest {
  readonly method: string;
  /** Names and values in turn, as in Node's `rawHeaders`. */
  readonly headers: readonly string[];
}

/** What the server answered, whether or not it opened the connection. */
export interface HandshakeResponse {
  readonly status: number;
  /** "1.1" or "2.0". */
  readonly httpVersion: string;
  /** Names and values in turn, as in Node's `rawHeaders`. */
  readonly headers: readonly string[];
}
