import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it, mock } from "node:test";
import type { BatchMessage, ObjectReport, WireEvent } from "./control-protocol.js";
import { Outbox } from "./outbox.js";

/** Milliseconds between two batches, for 20 a second at most. */
const interval = 50;

function frame(number: number, text = ""): WireEvent {
  const data = { text };
  return {
    kind: "frame",
    connection: 1,
    time: number,
    direction: "received",
    opcode: 1,
    fin: true,
    compressed: false,
    length: text.length,
    frame: number,
    data,
    session: "a",
  };
}

function report(what: string, text?: string): ObjectReport {
  const properties = {
    url: "ws://127.0.0.1/",
    readyState: 1,
    protocol: "",
    extensions: "",
    bufferedAmount: 0,
    binaryType: "blob",
  } as const;
  const fields = text === undefined ? {} : { data: { text, size: text.length } };
  return { session: "a", time: 0, what, fields, properties };
}

describe("Outbox", () => {
  let batches: BatchMessage[];
  let outbox: Outbox;

  beforeEach(() => {
    mock.timers.enable({ apis: ["setTimeout"] });
    batches = [];
    outbox = new Outbox((batch) => batches.push(batch));
  });

  afterEach(() => mock.timers.reset());

  /** A page that is through with each batch at once. */
  function drain(): void {
    for (;;) {
      const before = batches.length;
      mock.timers.tick(interval);
      outbox.seen(batches.length);
      if (batches.length === before) return;
    }
  }

  it("sends nothing while there is nothing", () => {
    mock.timers.tick(10 * interval);
    assert.deepEqual(batches, []);
  });

  it("puts what comes in the same 50 ms into one batch", () => {
    outbox.addWire(frame(0));
    outbox.addReport(report("open"));
    mock.timers.tick(interval - 1);
    outbox.addWire(frame(1));
    assert.deepEqual(batches, []);
    mock.timers.tick(1);
    assert.deepEqual(batches, [
      { type: "batch", batch: 1, wire: [frame(0), frame(1)], reports: [report("open")], missed: [] },
    ]);
    mock.timers.tick(10 * interval);
    assert.equal(batches.length, 1);
  });

  it("sends at most 20 batches a second", () => {
    for (let tick = 0; tick < 1000; tick++) {
      outbox.addWire(frame(tick));
      outbox.seen(batches.length);
      mock.timers.tick(1);
    }
    assert.equal(batches.length, 20);
  });

  it("waits for a page that is four batches behind, and goes on with its word", () => {
    for (let number = 0; number < 10; number++) {
      outbox.addWire(frame(number));
      mock.timers.tick(interval);
    }
    assert.deepEqual(
      batches.map(({ wire }) => wire.length),
      [1, 1, 1, 1],
    );
    outbox.seen(1);
    mock.timers.tick(interval);
    assert.deepEqual(
      batches.at(-1)?.wire,
      [4, 5, 6, 7, 8, 9].map((number) => frame(number)),
    );
    // It is three batches behind again, and that is all there was.
    outbox.addWire(frame(10));
    mock.timers.tick(interval);
    assert.equal(batches.length, 5);
  });

  it("isn't fooled by a page that is through with more than there was", () => {
    outbox.seen(1_000_000);
    for (let number = 0; number < 10; number++) {
      outbox.addWire(frame(number));
      mock.timers.tick(interval);
    }
    assert.equal(batches.length, 4);
  });

  it("tells everything in order where the page keeps up", () => {
    const count = 20_000;
    for (let number = 0; number < count; number++) outbox.addWire(frame(number));
    drain();
    const numbers = batches.flatMap(({ wire }) => wire.map((event) => ("frame" in event ? event.frame : -1)));
    assert.deepEqual(
      numbers,
      Array.from({ length: count }, (_, index) => index),
    );
    assert.ok(batches.length > 1, "in portions that a page takes in without a pause");
  });

  it("makes smaller batches of longer previews", () => {
    const text = "x".repeat(4096);
    for (let number = 0; number < 1000; number++) outbox.addWire(frame(number, text));
    drain();
    assert.equal(batches.flatMap(({ wire }) => wire).length, 1000);
    for (const { wire } of batches) assert.ok(JSON.stringify(wire).length < 2 ** 21);
  });

  it("has no more room where too many wait, and has some again once they have gone out", () => {
    let count = 0;
    while (outbox.hasRoom) outbox.addWire(frame(count++));
    assert.ok(count >= 50_000, "a burst has to have room");
    drain();
    assert.equal(batches.flatMap(({ wire }) => wire).length, count);
    assert.equal(outbox.hasRoom, true);
  });

  it("has no more room where what waits is too big", () => {
    const text = "x".repeat(4096);
    let bytes = 0;
    for (; outbox.hasRoom; bytes += text.length) outbox.addReport(report("message", text));
    assert.ok(bytes < 2 ** 26);
    drain();
    assert.equal(outbox.hasRoom, true);
  });

  it("tells how much there was no room for, by direction and session", () => {
    outbox.missFrame("sent", 10, "a");
    outbox.missFrame("sent", 5, "a");
    outbox.missFrame("received", 7, "a");
    outbox.missFrame("received", 1, undefined);
    outbox.missReport("b");
    mock.timers.tick(interval);
    assert.deepEqual(batches[0]?.missed, [
      { what: "sent", session: "a", count: 2, bytes: 15 },
      { what: "received", session: "a", count: 1, bytes: 7 },
      { what: "received", count: 1, bytes: 1 },
      { what: "reports", session: "b", count: 1, bytes: 0 },
    ]);
    outbox.missFrame("sent", 1, "a");
    mock.timers.tick(interval);
    assert.deepEqual(batches[1]?.missed, [{ what: "sent", session: "a", count: 1, bytes: 1 }]);
  });

  it("sends nothing once it is closed", () => {
    outbox.addWire(frame(0));
    outbox.close();
    outbox.addWire(frame(1));
    outbox.missReport("a");
    outbox.seen(1);
    mock.timers.tick(10 * interval);
    assert.deepEqual(batches, []);
  });
});
