import type { ConnectionEvent } from "./connection-event.js";

/** Takes what passes on connections: a recording, or whoever else wants to know. */
export interface Recorder {
  /** A number for a connection that begins. */
  newConnection(): number;
  append(event: ConnectionEvent): void;
}
