import fc from "fast-check";
import type { ConnectionEvent, FrameEvent } from "./connection-event.js";
import { toMicroseconds } from "./har.js";

const text = fc.string({ unit: "grapheme", maxLength: 40 });
const bytes = fc.uint8Array({ maxLength: 300 }).map((array) => new Uint8Array(array));
const token = fc.stringMatching(/^[A-Za-z][a-z-]{0,10}$/);
const headers = fc.array(fc.tuple(fc.constantFrom("Host", "Upgrade", "Via", "server"), token), {
  maxLength: 4,
});
const direction = fc.constantFrom("sent" as const, "received" as const);

/** A frame without its place in a recording. */
type BareFrame = Omit<FrameEvent, "kind" | "connection" | "time">;

const frame: fc.Arbitrary<BareFrame> = fc.oneof(
  fc.record({
    direction,
    opcode: fc.constantFrom(0, 1),
    fin: fc.constant(true),
    compressed: fc.boolean(),
    length: fc.nat(100),
    payload: text,
  }),
  fc.record({
    direction,
    opcode: fc.constantFrom(0, 2, 8, 9, 10),
    fin: fc.constant(true),
    compressed: fc.boolean(),
    length: fc.nat(2 ** 31),
    payload: bytes,
  }),
  fc.record({
    direction,
    opcode: fc.nat(15),
    fin: fc.boolean(),
    compressed: fc.boolean(),
    length: fc.maxSafeNat(),
  }),
);

/** What one connection does, without number and times. */
const life = fc.record({
  request: fc.option(
    fc.record({
      kind: fc.constant("request" as const),
      url: fc.constantFrom("ws://localhost:8080/", "wss://example.com/chat?room=7", "ws://[::1]/a%20b"),
      method: fc.constantFrom("GET", "CONNECT"),
      headers,
    }),
    { nil: undefined },
  ),
  response: fc.option(
    fc.record({
      kind: fc.constant("response" as const),
      status: fc.integer({ min: 100, max: 599 }),
      statusText: token,
      httpVersion: fc.constantFrom("1.1", "2.0"),
      headers,
    }),
    { nil: undefined },
  ),
  frames: fc.array(frame, { maxLength: 12 }),
  end: fc.option(
    fc
      .record({
        kind: fc.constant("end" as const),
        code: fc.integer({ min: 1000, max: 4999 }),
        reason: text,
        wasClean: fc.boolean(),
        error: fc.option(text, { nil: undefined }),
      })
      .map(({ error, ...end }) => (error === undefined ? end : { ...end, error })),
    { nil: undefined },
  ),
});

/** Events of some connections, numbered from 1, in the order of time; no two of one connection at the same moment. */
export const recordedEvents: fc.Arbitrary<ConnectionEvent[]> = fc
  .tuple(
    fc.array(life, { minLength: 1, maxLength: 4 }),
    fc.nat(1_000_000),
    fc.infiniteStream(fc.integer({ min: 1, max: 5000 })),
  )
  .map(([lives, start, steps]) => {
    // Microseconds, as recordings count them.
    let time = 1_700_000_000_000_000 + start;
    const queues = lives.map(({ request, response, frames, end }, index) =>
      [request, response, ...frames.map((each) => ({ kind: "frame" as const, ...each })), end]
        .filter((event) => event !== undefined)
        .map((event) => ({ connection: index + 1, event })),
    );
    const events: ConnectionEvent[] = [];
    while (queues.some((queue) => queue.length > 0)) {
      const step = steps.next().value;
      const waiting = queues.filter((queue) => queue.length > 0);
      const next = waiting[step % waiting.length]?.shift();
      time += step;
      if (next === undefined) continue;
      const { connection, event } = next;
      events.push({ ...event, connection, time: toMicroseconds(time / 1000) } as ConnectionEvent);
    }
    return events;
  })
  // A connection of which nothing is known is in no recording.
  .filter((events) => new Set(events.map(({ connection }) => connection)).size > 0);
