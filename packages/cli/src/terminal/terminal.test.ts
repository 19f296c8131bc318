import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { hexView, readHex } from "./hex-view.js";
import { layOutJson } from "./json-layout.js";
import { formatBytes, formatDuration, formatTime } from "./quantities.js";
import { visibleLine, visibleLines } from "./visible-text.js";

describe("visible text", () => {
  it("shows controls instead of obeying them", () => {
    assert.equal(visibleLine("a\x1b[2Jb\x07\x7f\x9b\r\n\t"), "a\\x1b[2Jb\\x07\\x7f\\x9b\\r\\n\\t");
  });

  it("shows what turns or hides text", () => {
    assert.equal(
      visibleLine("a\u202eb\u2066c\u200bd\u{e0041}\ufeff"),
      "a\\u202eb\\u2066c\\u200bd\\u{e0041}\\ufeff",
    );
    assert.equal(visibleLine("\ud800!"), "\\ud800!");
  });

  it("leaves writing alone", () => {
    const text = "Grüße, 안녕, 👨‍👩‍👧 👍🏽, عربى, ½";
    assert.equal(visibleLine(text), text);
  });

  it("keeps lines and tabs apart from other controls", () => {
    assert.deepEqual(visibleLines("a\tb\r\nc\rd\n\x1b"), ["a\tb", "c\\rd", "\\x1b"]);
  });
});

describe("hex view", () => {
  it("shows offset, bytes and ASCII", () => {
    assert.deepEqual(hexView(Buffer.from("hello, world\x00\xff\x1b!~more", "latin1")), [
      "00000000  68 65 6c 6c 6f 2c 20 77  6f 72 6c 64 00 ff 1b 21  hello, world...!",
      "00000010  7e 6d 6f 72 65                                    ~more",
    ]);
    assert.deepEqual(hexView(new Uint8Array()), []);
  });

  it("is read back from digits", () => {
    assert.deepEqual(readHex("00 ff:7F 0a"), Uint8Array.of(0, 255, 127, 10));
    assert.deepEqual(readHex("0x0102"), Uint8Array.of(1, 2));
    assert.deepEqual(readHex(""), new Uint8Array());
    for (const wrong of ["0", "xy", "00 f"]) assert.equal(readHex(wrong), undefined, wrong);
  });
});

describe("JSON layout", () => {
  it("indents what is long and leaves short parts on a line", () => {
    const text = `{"name":"a","list":[1,2,{"x":null}],"text":"${"long ".repeat(12)}","empty":{}}`;
    assert.deepEqual(layOutJson(text), [
      "{",
      '  "name": "a",',
      '  "list": [1, 2, {"x": null}],',
      `  "text": "${"long ".repeat(12)}",`,
      '  "empty": {}',
      "}",
    ]);
  });

  it("rounds no number and rewrites no string", () => {
    assert.deepEqual(layOutJson('[12345678901234567890, 1.0, "\\u0041 { , : \\""]'), [
      '[12345678901234567890, 1.0, "\\u0041 { , : \\""]',
    ]);
  });

  it("says what each part is", () => {
    assert.deepEqual(
      layOutJson('{"a":["b",1,true]}', (part, type) => (part === type ? part : `<${type}>`)),
      [
        "<punctuation><key><punctuation> <punctuation><string><punctuation> <number><punctuation> <word><punctuation><punctuation>",
      ],
    );
  });

  it("takes only objects and arrays that are JSON", () => {
    for (const text of ["1", '"a"', "{a}", "[1", "hello", ""])
      assert.equal(layOutJson(text), undefined, text);
  });
});

describe("quantities", () => {
  it("are short", () => {
    assert.deepEqual([0, 999, 1000, 999_949, 999_950, 12_345_678].map(formatBytes), [
      "0 B",
      "999 B",
      "1.0 kB",
      "999.9 kB",
      "1.0 MB",
      "12.3 MB",
    ]);
    assert.deepEqual([0.1234, 12.34, 1250, 125_000].map(formatDuration), [
      "0.123 ms",
      "12.3 ms",
      "1.25 s",
      "2 min 5 s",
    ]);
    assert.equal(formatTime(new Date(2024, 0, 2, 9, 5, 1, 23).getTime()), "09:05:01.023");
  });
});
