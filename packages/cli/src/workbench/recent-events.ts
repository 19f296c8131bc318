import type { ConnectionEvent } from "../recording/connection-event.js";
import type { Recording } from "../recording/recording.js";

/** Most connections and frames that a page is told of when it comes. */
const mostConnections = 200;
const mostFrames = 10_000;

/** What has happened last in a recording, each event with the number of its frame. */
export function recentEvents(recording: Recording): (readonly [event: ConnectionEvent, frame: number])[] {
  const events: (readonly [ConnectionEvent, number])[] = [];
  let room = mostFrames;
  for (const { connection, request, response, end } of recording.connections
    .slice(-mostConnections)
    .reverse()) {
    for (const event of [request, response, end]) if (event !== undefined) events.push([event, 0]);
    const count = recording.framesOf(connection);
    const first = Math.max(0, count - room);
    room -= count - first;
    let frame = first;
    if (first < count)
      for (const event of recording.framesFrom(connection, first)) events.push([event, frame++]);
  }
  return events.sort(([a, frameOfA], [b, frameOfB]) => a.time - b.time || frameOfA - frameOfB);
}
