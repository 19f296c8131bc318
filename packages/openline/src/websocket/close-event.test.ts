import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { CloseEvent } from "../index.js";

/** Newer releases of Node.js have a class of their own, which openline then hands on as it is. */
const nodesOwn = (CloseEvent as unknown) === (globalThis as { CloseEvent?: unknown }).CloseEvent;

function make(...args: readonly unknown[]): CloseEvent {
  const event: unknown = Reflect.construct(CloseEvent, args);
  assert.ok(event instanceof CloseEvent);
  return event;
}

function values(event: CloseEvent): unknown[] {
  return [event.wasClean, event.code, event.reason];
}

describe("new CloseEvent()", () => {
  test("has defaults for a missing, undefined, null and empty dictionary", () => {
    for (const init of [[], [undefined], [null], [{}], [{ code: undefined, reason: undefined }]]) {
      const event = make("close", ...init);
      assert.deepEqual(values(event), [false, 0, ""]);
      assert.equal(event.type, "close");
    }
  });

  test("takes its dictionary's members and Event's", () => {
    const event = make("x", {
      wasClean: true,
      code: 4001,
      reason: "done",
      bubbles: true,
      cancelable: true,
      composed: true,
    });
    assert.deepEqual(values(event), [true, 4001, "done"]);
    assert.deepEqual([event.bubbles, event.cancelable, event.composed], [true, true, true]);
    assert.equal(event.isTrusted, false);
    assert.equal(Object.prototype.toString.call(event), "[object CloseEvent]");
  });

  const skip = nodesOwn ? "this Node.js has its own CloseEvent, which takes any number" : false;
  test("converts code as an unsigned short", { skip }, () => {
    const cases: [unknown, number][] = [
      [65_536, 0],
      [65_537, 1],
      [-1, 65_535],
      ["3000", 3000],
      [3000.9, 3000],
      [Number.NaN, 0],
      [Number.POSITIVE_INFINITY, 0],
      [null, 0],
      [true, 1],
      [{ valueOf: () => 4000 }, 4000],
    ];
    for (const [code, expected] of cases) assert.equal(make("x", { code }).code, expected, String(code));
    assert.throws(() => make("x", { code: Symbol("1000") }), TypeError);
    assert.throws(() => make("x", { code: 1000n }), TypeError);
  });

  test("converts reason to a string of scalar values and wasClean to a boolean", () => {
    assert.equal(make("x", { reason: "a\ud800b" }).reason, "a\ufffdb");
    assert.equal(make("x", { reason: null }).reason, "null");
    assert.equal(make("x", { reason: 12 }).reason, "12");
    assert.throws(() => make("x", { reason: Symbol("why") }), TypeError);
    assert.equal(make("x", { wasClean: "yes" }).wasClean, true);
    assert.equal(make("x", { wasClean: 0 }).wasClean, false);
  });

  test("refuses a dictionary that is no object", () => {
    for (const init of [5, "x", true, Symbol("x")]) assert.throws(() => make("x", init), TypeError);
  });

  test("reads the dictionary once, at construction", () => {
    const init = { code: 4000, reason: "before", wasClean: true };
    const event = make("x", init);
    Object.assign(init, { code: 4001, reason: "after", wasClean: false });
    assert.deepEqual(values(event), [true, 4000, "before"]);
  });
});
