import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { hasToken, isToken } from "./http-header.js";

describe("isToken", () => {
  it("takes visible ASCII except the separators", () => {
    const separators = '()<>@,;:\\"/[]?={} \t';
    for (let code = 0; code < 0x300; code++) {
      const character = String.fromCharCode(code);
      const expected = code > 0x20 && code < 0x7f && !separators.includes(character);
      assert.equal(isToken(character), expected, `U+${code.toString(16)}`);
      assert.equal(isToken(`a${character}b`), expected);
    }
  });

  it("refuses an empty text and one that ends with a line break", () => {
    assert.ok(!isToken(""));
    assert.ok(!isToken("a\n"));
  });
});

describe("hasToken", () => {
  it("finds a token in any case, anywhere in the list, with any white space", () => {
    for (const value of [
      "upgrade",
      "Upgrade",
      "UPGRADE",
      "keep-alive, Upgrade",
      "Upgrade ,x",
      "a,\tuPgRaDe\t,b",
    ]) {
      assert.ok(hasToken(value, "upgrade"), value);
    }
  });

  it("finds whole tokens only", () => {
    for (const value of [undefined, "", "upgraded", "no-upgrade", "up grade", "upgrade; q=1", "websocket"]) {
      assert.ok(!hasToken(value, "upgrade"), value);
    }
  });
});
