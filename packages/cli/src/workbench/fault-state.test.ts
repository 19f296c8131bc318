import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Fault } from "./control-protocol.js";
import { afterFault, healthy } from "./fault-state.js";

const free = { delay: 0, bytesPerSecond: null, isHeld: false };

function after(...faults: Fault[]) {
  return faults.reduce(afterFault, healthy);
}

describe("afterFault", () => {
  it("changes the direction that is meant", () => {
    assert.deepEqual(after({ kind: "delay", milliseconds: 5, direction: "to-server" }), {
      toServer: { ...free, delay: 5 },
      toClient: free,
      handshakes: "pass",
    });
    assert.deepEqual(after({ kind: "throttle", bytesPerSecond: 9, direction: "to-client" }), {
      toServer: free,
      toClient: { ...free, bytesPerSecond: 9 },
      handshakes: "pass",
    });
    assert.deepEqual(
      after({ kind: "hold", direction: "both" }, { kind: "release", direction: "to-server" }),
      {
        toServer: free,
        toClient: { ...free, isHeld: true },
        handshakes: "pass",
      },
    );
  });

  it("tells what becomes of new connections", () => {
    assert.equal(after({ kind: "drop-handshakes" }).handshakes, "drop");
    assert.equal(after({ kind: "drop-handshakes" }, { kind: "answer", status: 503 }).handshakes, 503);
  });

  it("is the same after what passes in a moment", () => {
    const held = after({ kind: "hold", direction: "both" });
    for (const fault of [
      { kind: "cut" },
      { kind: "reset" },
      { kind: "cut-inside-frame" },
      { kind: "restart-server", crash: true, downFor: 1 },
    ] as const) {
      assert.equal(afterFault(held, fault), held, fault.kind);
    }
  });

  it("is healthy after it was healed", () => {
    const faults: Fault[] = [
      { kind: "hold", direction: "both" },
      { kind: "delay", milliseconds: 5, direction: "both" },
      { kind: "answer", status: 500 },
      { kind: "heal" },
    ];
    assert.deepEqual(after(...faults), healthy);
  });
});
