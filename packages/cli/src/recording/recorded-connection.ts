import type {
  ConnectionEvent,
  EndEvent,
  FrameEvent,
  RequestEvent,
  ResponseEvent,
} from "./connection-event.js";

// No Node module here: the page imports it, too.

/** One connection of a recording. What it lacks has not come, or not been recorded. */
export interface RecordedConnection {
  /** Its number in the recording, as its events have it. */
  readonly connection: number;
  readonly request?: RequestEvent | undefined;
  readonly response?: ResponseEvent | undefined;
  /** In their order; to be gone through as often as need be. */
  readonly frames: Iterable<FrameEvent>;
  readonly end?: EndEvent | undefined;
}

/** What a connection's events were, in their order. */
export function* eventsOf({
  request,
  response,
  frames,
  end,
}: RecordedConnection): Generator<ConnectionEvent> {
  if (request !== undefined) yield request;
  if (response !== undefined) yield response;
  yield* frames;
  if (end !== undefined) yield end;
}

/** The events of all connections in the order of time. */
export function inTimeOrder(connections: Iterable<RecordedConnection>): ConnectionEvent[] {
  return Array.from(connections, (connection) => [...eventsOf(connection)])
    .flat()
    .sort((a, b) => a.time - b.time);
}

/** Connections made of their events. */
export function connectionsOf(events: Iterable<ConnectionEvent>): RecordedConnection[] {
  const connections = new Map<number, RecordedConnection & { frames: FrameEvent[] }>();
  for (const event of events) {
    const { connection } = event;
    const known = connections.get(connection) ?? { connection, frames: [] };
    if (event.kind === "frame") known.frames.push(event);
    connections.set(connection, event.kind === "frame" ? known : { ...known, [event.kind]: event });
  }
  return [...connections.values()];
}
