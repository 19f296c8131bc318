import type { ConnectionFlags } from "../connection-options.js";

/** The options of `openline connect`, as commander reads them. */
export interface ConnectFlags extends ConnectionFlags {
  readonly reconnect?: true;
  readonly binary?: true;
  readonly json?: true;
  /** Messages. */
  readonly count?: number;
  /** Seconds. */
  readonly wait?: number;
  /** Seconds. */
  readonly timeout?: number;
  /** A file. */
  readonly record?: string;
}
