import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { isApplicationCloseCode, isWireCloseCode } from "./close-code.js";

/** All codes that `accepts` takes, as ranges. */
function ranges(accepts: (code: number) => boolean): string[] {
  const found: string[] = [];
  let start: number | undefined;
  for (let code = -1; code <= 0x10000; code++) {
    if (accepts(code)) start ??= code;
    else if (start !== undefined) {
      found.push(`${start}-${code - 1}`);
      start = undefined;
    }
  }
  return found;
}

describe("isWireCloseCode", () => {
  it("takes the codes that are registered or free for use, and no reserved one", () => {
    assert.deepEqual(ranges(isWireCloseCode), ["1000-1003", "1007-1014", "3000-4999"]);
  });
});

describe("isApplicationCloseCode", () => {
  it("takes 1000 and what is left to programs", () => {
    assert.deepEqual(ranges(isApplicationCloseCode), ["1000-1000", "3000-4999"]);
  });
});
