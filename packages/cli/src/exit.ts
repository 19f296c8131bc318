/** What the command's exit code says. */
export const exitCode = {
  /** Done, and each connection ended clean. */
  clean: 0,
  /** A connection failed, or ended unclean. */
  failed: 1,
  /** The command was used wrongly. */
  misused: 2,
} as const;

/** The command was used wrongly: ends it with 2 and the message in one line on stderr. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** A connection failed, or ended unclean: ends the command with 1 and the message in one line on stderr. */
export class FailureError extends Error {
  override readonly name = "FailureError";
}
