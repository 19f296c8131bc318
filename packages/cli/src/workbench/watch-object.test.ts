import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { ObjectReport } from "./control-protocol.js";
import { ObjectWatch, type WatchableObject } from "./watch-object.js";

/** An object that does what it is told. */
class FakeObject extends EventTarget implements WatchableObject {
  url = "ws://127.0.0.1/?token=hush";
  readyState = 0;
  protocol = "";
  extensions = "";
  bufferedAmount = 0;
  binaryType = "blob";
}

function watched(options: { hasRoom?: () => boolean; showUrl?: (url: string) => string } = {}) {
  const object = new FakeObject();
  const reports: ObjectReport[] = [];
  const report = (one: ObjectReport) => reports.push(one);
  const watch = new ObjectWatch(object, { session: "a", report, ...options }, { url: "given" });
  return { object, reports, watch, whats: () => reports.map(({ what }) => what) };
}

describe("ObjectWatch", () => {
  it("begins with what the constructor was given", () => {
    const { reports } = watched();
    const [{ session, what, fields, properties, time } = assert.fail("no report")] = reports;
    assert.deepEqual([session, what, fields], ["a", "construct", { url: "given" }]);
    assert.deepEqual(properties, {
      url: "ws://127.0.0.1/?token=hush",
      readyState: 0,
      protocol: "",
      extensions: "",
      bufferedAmount: 0,
      binaryType: "blob",
    });
    assert.ok(time > Date.UTC(2020, 0));
  });

  it("reports every event of both classes, with the properties right after", () => {
    const { object, reports, whats } = watched();
    const types = ["open", "message", "error", "reconnecting", "up", "down", "lost", "close"];
    for (const [index, type] of types.entries()) {
      object.bufferedAmount = index;
      object.dispatchEvent(new Event(type));
    }
    object.dispatchEvent(new Event("unheard-of"));
    assert.deepEqual(whats(), ["construct", ...types]);
    assert.deepEqual(
      reports.slice(1).map(({ properties }) => properties.bufferedAmount),
      types.map((_type, index) => index),
    );
    assert.equal(reports[1]?.fields["type"], "open");
  });

  it("leaves messages out while there is no room, and nothing else", () => {
    let asked = 0;
    const { object, whats } = watched({ hasRoom: () => ++asked > 1 });
    for (const type of ["message", "close", "message"]) object.dispatchEvent(new Event(type));
    assert.deepEqual(whats(), ["construct", "close", "message"]);
    assert.equal(asked, 2);
  });

  it("samples the properties only where they have changed", () => {
    const { object, watch, reports, whats } = watched();
    watch.sample();
    object.bufferedAmount = 5;
    watch.sample();
    watch.sample();
    object.readyState = 1;
    object.dispatchEvent(new Event("open"));
    watch.sample();
    assert.deepEqual(whats(), ["construct", "sample", "open"]);
    assert.deepEqual(reports[1]?.fields, {});
  });

  it("reports what the object is told, and what it throws", () => {
    const { watch, reports } = watched();
    watch.tell("send", { data: Uint8Array.of(255), count: 2 });
    watch.tellException(new DOMException("too early", "InvalidStateError"), "send");
    watch.tellException("a string", "close");
    assert.deepEqual(
      reports.slice(1).map(({ what, fields }) => [what, fields]),
      [
        ["send", { data: { base64: "/w==", size: 1 }, count: 2 }],
        ["exception", { method: "send", name: "InvalidStateError", message: "too early" }],
        ["exception", { method: "close", name: "Error", message: "a string" }],
      ],
    );
  });

  it("shows the URL as it is told to", () => {
    const { reports } = watched({ showUrl: () => "(masked)" });
    assert.equal(reports[0]?.properties.url, "(masked)");
  });

  it("hears nothing any more once it is stopped", () => {
    const { object, watch, whats } = watched();
    watch.stop();
    for (const type of ["open", "message", "close"]) object.dispatchEvent(new Event(type));
    assert.deepEqual(whats(), ["construct"]);
  });
});
