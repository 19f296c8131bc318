import type { CloseEvent, SendData } from "./environment.js";
import type { LossReason } from "./send-queue.js";

/** `reconnecting`: an attempt is going to be made. */
export interface ReconnectingEvent extends Event {
  /** The number of the attempt, 1 for the first after a stable connection. */
  readonly attempt: number;
  /** Milliseconds until the attempt. */
  readonly delay: number;
  /** How the last connection, or the attempt to get one, ended. */
  readonly cause: CloseEvent;
}

/** `down`: the line was up and is not any more. */
export interface DownEvent extends Event {
  /** How the connection ended; `undefined` while it may yet live: the page has gone offline. */
  readonly cause: CloseEvent | undefined;
}

/** `lost`: messages that will not arrive or, for `"connection"`, may not have arrived. */
export interface LostEvent extends Event {
  readonly reason: LossReason;
  readonly count: number;
  /** The messages; for `"connection"` only with the option `keepSent`, and then at most as many as the queue takes. */
  readonly messages: readonly SendData[];
}

/** `error`, right before the `close` event of an object that gives up. */
export interface ErrorEvent extends Event {
  /** What went wrong last, where it can be seen. */
  readonly error: unknown;
}

/** The events of a `ReconnectingWebSocket`, by type. */
export interface ReconnectingWebSocketEventMap {
  open: Event;
  message: MessageEvent;
  error: ErrorEvent;
  close: CloseEvent;
  reconnecting: ReconnectingEvent;
  up: Event;
  down: DownEvent;
  lost: LostEvent;
}

export const eventTypes = [
  "open",
  "message",
  "error",
  "close",
  "reconnecting",
  "up",
  "down",
  "lost",
] as const satisfies readonly (keyof ReconnectingWebSocketEventMap)[];
