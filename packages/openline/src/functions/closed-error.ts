/** What a `close` event says. */
export interface CloseDetails {
  readonly code: number;
  readonly reason: string;
  readonly wasClean: boolean;
}

/** The connection ended before what was waited for. */
export class ClosedError extends Error {
  override readonly name = "ClosedError";
  readonly code = "ERR_WS_CLOSED";
  /** The close event's code. */
  readonly closeCode: number;
  /** The close event's reason. */
  readonly reason: string;
  readonly wasClean: boolean;

  /** @param details of the close event; what isn't there is as after a failure. */
  constructor(what: string, details: Partial<CloseDetails> = {}, options?: ErrorOptions) {
    const { code = 1006, reason = "", wasClean = false } = details;
    super(`${what}: close code ${code}${reason && ` (${reason})`}`, options);
    this.closeCode = code;
    this.reason = reason;
    this.wasClean = wasClean;
  }
}
