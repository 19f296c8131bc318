import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { CloseEvent, MessageEvent } from "openline";
import { eventFields, shownValue } from "./event-fields.js";

const base = {
  isTrusted: false,
  bubbles: false,
  cancelBubble: false,
  cancelable: false,
  composed: false,
  currentTarget: null,
  defaultPrevented: false,
  eventPhase: 0,
  returnValue: true,
  srcElement: null,
  target: null,
};

/** Without the time, which is another each time. */
function fieldsOf(event: Event) {
  const { timeStamp, ...fields } = eventFields(event);
  assert.equal(typeof timeStamp, "number");
  return fields;
}

describe("eventFields", () => {
  it("shows what every event has", () => {
    assert.deepEqual(fieldsOf(new Event("open")), { ...base, type: "open" });
  });

  it("shows isTrusted first and the others by name, as Chromium's console does", () => {
    const names = Object.keys(eventFields(new CloseEvent("close", { code: 1000 })));
    assert.equal(names[0], "isTrusted");
    assert.deepEqual(names.slice(1), names.slice(1).sort());
  });

  it("shows all fields of a message", () => {
    const event = new MessageEvent("message", { data: "hi", origin: "ws://127.0.0.1" });
    assert.deepEqual(fieldsOf(event), {
      ...base,
      data: "hi",
      lastEventId: "",
      origin: "ws://127.0.0.1",
      ports: { object: "Array(0)" },
      source: null,
      type: "message",
    });
  });

  it("shows all fields of a close", () => {
    const event = new CloseEvent("close", { code: 4001, reason: "over", wasClean: true });
    assert.deepEqual(fieldsOf(event), { ...base, code: 4001, reason: "over", type: "close", wasClean: true });
  });

  it("shows the error, where the platform has one", () => {
    assert.deepEqual(fieldsOf(new Event("error")), { ...base, type: "error" });
    const error = Object.assign(new TypeError("refused"), { code: "ECONNREFUSED" });
    assert.deepEqual(fieldsOf(Object.assign(new Event("error"), { error })), {
      ...base,
      error: {
        object: "TypeError",
        fields: { name: "TypeError", code: "ECONNREFUSED", message: "refused" },
      },
      type: "error",
    });
  });

  it("shows what a ReconnectingWebSocket's events tell", () => {
    const cause = new CloseEvent("close", { code: 1006 });
    const shownCause = { object: "CloseEvent", fields: { code: 1006, reason: "", wasClean: false } };
    assert.deepEqual(fieldsOf(Object.assign(new Event("reconnecting"), { attempt: 2, delay: 100, cause })), {
      ...base,
      attempt: 2,
      cause: shownCause,
      delay: 100,
      type: "reconnecting",
    });
    assert.deepEqual(fieldsOf(Object.assign(new Event("down"), { cause })), {
      ...base,
      cause: shownCause,
      type: "down",
    });
    assert.deepEqual(
      fieldsOf(Object.assign(new Event("lost"), { reason: "connection", count: 3, messages: ["a"] })),
      { ...base, count: 3, reason: "connection", type: "lost" },
    );
  });
});

describe("shownValue", () => {
  it("shows plain values as they are", () => {
    for (const value of ["", "hi", 0, 1.5, true, null]) assert.equal(shownValue(value), value);
    assert.deepEqual(shownValue(undefined), { object: "undefined" });
    assert.deepEqual(shownValue(5n), { object: "5" });
  });

  it("shows the first 4 KiB of long text, in whole characters, with its size in bytes", () => {
    const text = "☀".repeat(5000);
    assert.deepEqual(shownValue(text), { text: "☀".repeat(1365), size: 15_000, isCut: true });
    assert.deepEqual(shownValue("☀".repeat(1366)), { text: "☀".repeat(1365), size: 4098, isCut: true });
    assert.deepEqual(shownValue("x".repeat(4096)), { text: "x".repeat(4096), size: 4096 });
  });

  it("shows bytes in base64, whatever holds them", () => {
    const bytes = Uint8Array.of(9, 1, 2, 255, 9);
    assert.deepEqual(shownValue(bytes.slice(1, 4).buffer), { base64: "AQL/", size: 3 });
    assert.deepEqual(shownValue(bytes.subarray(1, 4)), { base64: "AQL/", size: 3 });
    assert.deepEqual(shownValue(new DataView(bytes.buffer, 1, 3)), { base64: "AQL/", size: 3 });
    const long = shownValue(new Uint8Array(5000));
    assert.deepEqual(long, { base64: Buffer.alloc(4096).toString("base64"), size: 5000, isCut: true });
  });

  it("shows a Blob as a console does", () => {
    assert.deepEqual(shownValue(new Blob(["hello"])), { object: "Blob", fields: { size: 5, type: "" } });
  });

  it("shows any other object by the name of its interface", () => {
    assert.deepEqual(shownValue(new EventTarget()), { object: "EventTarget" });
    assert.deepEqual(shownValue(new (class Special {})()), { object: "Special" });
    assert.deepEqual(shownValue({}), { object: "Object" });
    assert.deepEqual(shownValue(Object.create(null)), { object: "Object" });
  });

  it("comes to an end with objects that hold themselves", () => {
    const loop: unknown[] = [];
    loop.push(loop);
    assert.equal(typeof JSON.stringify(shownValue(loop)), "string");
  });
});
