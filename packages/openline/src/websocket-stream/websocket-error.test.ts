import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { WebSocketError } from "../index.js";
import { descriptor, domException } from "../testing-support/sockets.test.support.js";

function construct(...args: readonly unknown[]): WebSocketError {
  return Reflect.construct(WebSocketError, args) as WebSocketError;
}

describe("WebSocketError", () => {
  test("is a DOMException of its own name", () => {
    const error = new WebSocketError("message");
    assert.ok(error instanceof DOMException);
    assert.ok(error instanceof Error);
    assert.equal(error.name, "WebSocketError");
    assert.equal(error.message, "message");
    assert.equal(error.code, 0);
    assert.equal(String(error), "WebSocketError: message");
    assert.equal(Object.prototype.toString.call(error), "[object WebSocketError]");
    assert.equal(Object.getPrototypeOf(WebSocketError), DOMException);
  });

  test("has the shape of its interface", () => {
    assert.equal(WebSocketError.length, 0);
    assert.deepEqual(Reflect.ownKeys(WebSocketError.prototype).map(String).sort(), [
      "Symbol(Symbol.toStringTag)",
      "closeCode",
      "constructor",
      "reason",
    ]);
    for (const name of ["closeCode", "reason"]) {
      const { get, set, enumerable, configurable } = descriptor(WebSocketError.prototype, name);
      assert.deepEqual([get?.name, set, enumerable, configurable], [`get ${name}`, undefined, true, true]);
      assert.throws(() => get?.call(new DOMException("m", "WebSocketError")), TypeError);
    }
  });

  test("has no code and no reason unless given", () => {
    for (const init of [undefined, null, {}, () => 1, { closeCode: undefined, reason: "" }]) {
      const { message, closeCode, reason } = construct("m", init);
      assert.deepEqual({ message, closeCode, reason }, { message: "m", closeCode: null, reason: "" });
    }
    assert.equal(construct().message, "");
  });

  test("takes 1000 and 3000 to 4999, and gives 1000 to a reason alone", () => {
    for (const closeCode of [1000, 3000, 4999])
      assert.equal(new WebSocketError("m", { closeCode }).closeCode, closeCode);
    const { closeCode, reason } = new WebSocketError("m", { reason: "why" });
    assert.deepEqual({ closeCode, reason }, { closeCode: 1000, reason: "why" });
    assert.equal(construct("m", { closeCode: "3001" }).closeCode, 3001);
    assert.equal(new WebSocketError("m", { closeCode: 1000.6 }).closeCode, 1000);
    assert.equal(new WebSocketError("m", { reason: "\ud800" }).reason, "\ufffd");
  });

  test("refuses other codes, long reasons and what is no dictionary", () => {
    for (const closeCode of [0, 999, 1001, 1005, 1006, 2999, 5000, 70_000, -1, Number.NaN]) {
      assert.throws(() => new WebSocketError("m", { closeCode }), domException("InvalidAccessError"));
    }
    assert.throws(
      () => new WebSocketError("m", { reason: "x".repeat(124) }),
      domException("SyntaxError", "124"),
    );
    assert.throws(
      () => new WebSocketError("m", { reason: "é".repeat(62) }),
      domException("SyntaxError", "124"),
    );
    for (const init of [1, "reason", true, { closeCode: 1000n }, { reason: Symbol("r") }]) {
      assert.throws(() => construct("m", init), TypeError);
    }
  });
});
