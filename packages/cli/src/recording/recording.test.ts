import assert from "node:assert/strict";
import { fstatSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { describe, it, type TestContext } from "node:test";
import fc from "fast-check";
import { recordedEvents } from "./arbitraries.test.support.js";
import type { ConnectionEvent, FrameEvent } from "./connection-event.js";
import { eventsOf, inTimeOrder } from "./recorded-connection.js";
import { Recording, type RecordingOptions } from "./recording.js";

function recorded(events: readonly ConnectionEvent[], options?: RecordingOptions): Recording {
  const recording = new Recording(options);
  const highest = Math.max(...events.map(({ connection }) => connection));
  while (recording.newConnection() < highest);
  for (const event of events) recording.append(event);
  return recording;
}

function frameOf(connection: number, frame: number, payload: string): FrameEvent {
  const base = {
    kind: "frame",
    connection,
    direction: "sent",
    opcode: 1,
    fin: true,
    compressed: false,
  } as const;
  return { ...base, time: frame, length: payload.length, payload };
}

describe("Recording", () => {
  it("gives back what it was given, from memory and from the file", () => {
    fc.assert(
      fc.property(recordedEvents, fc.constantFrom(0, 600, 2 ** 20), (events, memoryLimit) => {
        const recording = recorded(events, { memoryLimit });
        try {
          assert.deepEqual(inTimeOrder(recording.connections), events);
          for (const { connection, frames } of recording.connections) {
            let number = 0;
            for (const frame of frames) assert.deepEqual(recording.frame(connection, number++), frame);
            assert.equal(recording.frame(connection, number), undefined);
            assert.equal(recording.frame(connection, -1), undefined);
            assert.equal(recording.framesOf(connection), number);
            for (let first = 0; first <= number; first++) {
              const rest = [...recording.framesFrom(connection, first)];
              assert.deepEqual(rest, [...frames].slice(first));
            }
          }
        } finally {
          recording.close();
        }
      }),
    );
  });

  it("forgets the connections that have ended when it is cleared, and goes on with the others", () => {
    const recording = new Recording({ memoryLimit: 100_000 });
    const [over, open] = [recording.newConnection(), recording.newConnection()];
    for (let frame = 0; frame < 2000; frame++) {
      recording.append(frameOf(over, frame, "x".repeat(100)));
      recording.append(frameOf(open, frame, "y"));
    }
    recording.append({ kind: "end", connection: over, time: 1, code: 1000, reason: "", wasClean: true });
    assert.notEqual(recording.spool, undefined);
    recording.clear();
    assert.deepEqual([recording.framesOf(over), recording.framesOf(open), recording.frames], [0, 2000, 2000]);
    recording.append(frameOf(open, 2000, "z"));
    assert.equal(recording.frame(open, 2000)?.payload, "z");
    recording.append({ kind: "end", connection: open, time: 1, code: 1000, reason: "", wasClean: true });
    recording.clear();
    assert.deepEqual([recording.connections, recording.frames, recording.spool], [[], 0, undefined]);
    recording.close();
  });

  it("keeps many frames over many blocks, in memory and then in a file of the owner alone", (t) => {
    const folder = mkdtempSync(join(tmpdir(), "openline-test-"));
    t.after(() => rmSync(folder, { recursive: true }));
    useAsTemporaryFolder(folder, t);
    const recording = new Recording({ memoryLimit: 300_000 });
    const connections = [recording.newConnection(), recording.newConnection()];
    const count = 20_000;
    for (let frame = 0; frame < count; frame++) {
      if (frame === 100) assert.equal(recording.spool, undefined);
      for (const connection of connections) {
        recording.append(frameOf(connection, frame, `${connection} ${frame} ${"x".repeat(frame % 50)}`));
      }
    }
    assert.ok(recording.spool);
    const { mode } = fstatSync(recording.spool.descriptor);
    assert.equal(mode & 0o077, 0);
    // Where a file may lose its name while it is open, it has; else it lies in a folder of the owner's.
    if (process.platform !== "win32") assert.deepEqual(readdirSync(folder), []);
    assert.equal(recording.frames, 2 * count);
    for (const { connection, frames } of recording.connections) {
      let expected = 0;
      for (const { payload } of frames) {
        assert.equal(payload, `${connection} ${expected} ${"x".repeat(expected % 50)}`);
        expected++;
      }
      assert.equal(expected, count);
      for (const frame of [0, 1, 777, count - 1]) {
        assert.equal(recording.frame(connection, frame)?.time, frame);
      }
    }
    recording.close();
  });

  it("copies payloads, and tells of each event with the frame's number", () => {
    const recording = new Recording();
    const connection = recording.newConnection();
    const told: [string, number | undefined][] = [];
    const end = recording.subscribe((event, frame) => told.push([event.kind, frame]));
    const payload = new Uint8Array([1, 2, 3]);
    const frame = { ...frameOf(connection, 1, ""), opcode: 2, payload };
    recording.append(frame);
    payload.fill(0);
    assert.deepEqual(recording.frame(connection, 0)?.payload, new Uint8Array([1, 2, 3]));
    recording.append(frame);
    recording.append({ kind: "end", connection, time: 2, code: 1000, reason: "", wasClean: true });
    end();
    recording.append(frame);
    assert.deepEqual(told, [
      ["frame", 0],
      ["frame", 1],
      ["end", undefined],
    ]);
    const [only] = recording.connections;
    assert.ok(only);
    assert.equal([...eventsOf(only)].length, 4);
  });

  it("lets frames come while it is read", () => {
    const recording = new Recording({ memoryLimit: 0 });
    const connection = recording.newConnection();
    for (let frame = 0; frame < 10; frame++) recording.append(frameOf(connection, frame, "x"));
    let seen = 0;
    for (const { time } of recording.connections[0]?.frames ?? []) {
      assert.equal(time, seen++);
      if (seen < 100) recording.append(frameOf(connection, 9 + seen, "y".repeat(2000)));
    }
    assert.ok(seen >= 10);
    assert.equal(recording.frames, 10 + Math.min(seen, 99));
  });

  it("refuses an event of a connection that it doesn't know", () => {
    assert.throws(() => new Recording().append(frameOf(1, 0, "")), /no connection 1/);
  });

  it("keeps all in memory where there is no file to be had", (t) => {
    const recording = new Recording({ memoryLimit: 0 });
    useAsTemporaryFolder("/nowhere/at/all", t);
    const connection = recording.newConnection();
    for (let frame = 0; frame < 100; frame++) recording.append(frameOf(connection, frame, "kept"));
    assert.equal([...(recording.connections[0]?.frames ?? [])].length, 100);
    if (process.platform !== "win32") assert.match(String(recording.problem), /ENOENT/);
  });
});

/** For the time of the test. */
function useAsTemporaryFolder(folder: string, t: TestContext): void {
  const { TMPDIR } = process.env;
  process.env["TMPDIR"] = folder;
  t.after(() => {
    if (TMPDIR === undefined) delete process.env["TMPDIR"];
    else process.env["TMPDIR"] = TMPDIR;
  });
}
