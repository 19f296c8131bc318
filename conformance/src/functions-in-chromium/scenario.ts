import type { ClosedError, closed, drained, messages, opened, WebSocket } from "openline";

/** What a scenario's client gets: in a page the browser's object, on Node ours, and the same functions over either. */
export interface Tools {
  readonly WebSocket: typeof WebSocket;
  readonly ClosedError: typeof ClosedError;
  readonly opened: typeof opened;
  readonly closed: typeof closed;
  readonly messages: typeof messages;
  readonly drained: typeof drained;
  /** Where the scenario's server is: its path is the scenario's server behaviour. */
  readonly url: string;
}

/**
 * One use of the functions. The client's text goes to the page as it is, so it can use nothing but its argument and what
 * all platforms have.
 */
export interface Scenario {
  readonly name: string;
  readonly server: Behaviour;
  readonly client: (tools: Tools) => Promise<unknown>;
  /** What the client gives, as JSON. */
  readonly expected: unknown;
}

/** What the server does with a connection. */
export type Behaviour =
  /** Sends "0" to "99" at once, then closes with 1000. */
  | "count"
  /** Sends "0" to "99" at once, then cuts the connection. */
  | "count-and-cut"
  /** Sends every message back. */
  | "echo"
  /** Refuses the opening handshake with status 403. */
  | "refuse"
  /** Closes with 3001 and a reason. */
  | "close"
  /** Reads nothing for a while. */
  | "slow";
