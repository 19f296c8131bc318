import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ClosingHandshake } from "./closing-handshake.js";
import type { Role } from "./role.js";

const status = { code: 1000, reason: "done" };

function observed({ step, sent, complete }: ClosingHandshake) {
  return { step, sent, complete };
}

const endStep: [Role, string][] = [
  ["client", "peer-end"],
  ["server", "end"],
];

describe("ClosingHandshake", () => {
  it("starts with nobody having said goodbye", () => {
    const closing = new ClosingHandshake("client");
    assert.deepEqual(observed(closing), { step: "none", sent: false, complete: false });
    assert.equal(closing.received, undefined);
  });

  for (const [role, step] of endStep) {
    it(`waits for the peer's close frame after ours, then for "${step}": ${role}`, () => {
      const closing = new ClosingHandshake(role);
      closing.markSent();
      assert.deepEqual(observed(closing), { step: "close-frame", sent: true, complete: false });
      closing.markReceived(status);
      assert.deepEqual(observed(closing), { step, sent: true, complete: true });
      assert.deepEqual(closing.received, status);
    });

    it(`waits for nothing while ours is due, then for "${step}": ${role}`, () => {
      const closing = new ClosingHandshake(role);
      closing.markReceived(status);
      assert.deepEqual(observed(closing), { step: "none", sent: false, complete: false });
      closing.markSent();
      assert.deepEqual(observed(closing), { step, sent: true, complete: true });
    });
  }
});
