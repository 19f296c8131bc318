import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { findInvalidSubprotocol, parseSubprotocols } from "./subprotocol.js";

describe("findInvalidSubprotocol", () => {
  it("finds nothing wrong with different tokens", () => {
    assert.equal(findInvalidSubprotocol([]), undefined);
    assert.equal(findInvalidSubprotocol(["chat", "v2.chat", "!#$%&'*+-.^_`|~"]), undefined);
  });

  it("finds the first that is no token", () => {
    for (const bad of ["", " ", "a b", "a,b", "a/b", "é", "a\u007f", "(x)"]) {
      assert.equal(findInvalidSubprotocol(["chat", bad, "also,bad"]), bad);
    }
  });

  it("finds the second of two that differ in case only", () => {
    assert.equal(findInvalidSubprotocol(["chat", "x", "CHAT"]), "CHAT");
    assert.equal(findInvalidSubprotocol(["chat", "chat"]), "chat");
  });
});

describe("parseSubprotocols", () => {
  it("reads a list in its order", () => {
    assert.deepEqual([...(parseSubprotocols("chat") ?? [])], ["chat"]);
    assert.deepEqual([...(parseSubprotocols("b ,a,\tC") ?? [])], ["b", "a", "C"]);
  });

  it("refuses what is no list of different tokens", () => {
    for (const value of ["a b", "a;b", '"a"', "a, a", "é"])
      assert.equal(parseSubprotocols(value), undefined, value);
  });
});
