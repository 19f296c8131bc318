import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { stripVTControlCharacters } from "node:util";
import fc from "fast-check";
import { compare, type Difference } from "./comparison.js";
import { describeDifference } from "./difference-view.js";
import type { OutcomeEnd } from "./player.js";
import type { MessageData, SceneEnd } from "./scene.js";

/** What is different when `expected` was recorded and `received` came. */
function differencesOf(
  expected: readonly MessageData[],
  received: readonly MessageData[],
  {
    ignore = [],
    end,
    ended,
    played = 0,
    own = 0,
  }: {
    readonly ignore?: readonly RegExp[];
    readonly end?: SceneEnd;
    readonly ended?: OutcomeEnd;
    readonly played?: number;
    readonly own?: number;
  } = {},
): Difference[] {
  const steps = [
    ...Array.from({ length: own }, () => ({ isOwn: true, time: 0, data: "own", expectedBefore: 0 })),
    ...expected.map((data, index) => ({ isOwn: false, time: 0, data, expectedBefore: index })),
  ];
  const outcome = { received, played, wasInterrupted: false, end: ended };
  return compare({ role: "client", steps, end }, outcome, ignore);
}

const recordedEnd: SceneEnd = { by: "other", time: 0, code: 4000, reason: "bye" };
const clean = { wasClean: true, error: undefined };

describe("comparison with a recording", () => {
  it("finds nothing where nothing differs", () => {
    const messages = ["a", Uint8Array.of(1, 2), "", new Uint8Array(), "a"];
    assert.deepEqual(differencesOf(messages, structuredClone(messages)), []);
  });

  it("tells changed, missing and further messages apart, wherever they stand", () => {
    assert.deepEqual(differencesOf(["a", "b", "c"], ["a", "x", "c"]), [
      { kind: "changed", number: 2, expected: "b", got: "x" },
    ]);
    assert.deepEqual(differencesOf(["a", "b", "c"], ["a", "c"]), [
      { kind: "missing", number: 2, expected: "b" },
    ]);
    assert.deepEqual(differencesOf(["a", "c"], ["a", "b", "c", "d"]), [
      { kind: "extra", number: 2, got: "b" },
      { kind: "extra", number: 4, got: "d" },
    ]);
    assert.deepEqual(differencesOf(["1"], [Uint8Array.of(0x31)]), [
      { kind: "changed", number: 1, expected: "1", got: Uint8Array.of(0x31) },
    ]);
  });

  it("ignores what it is told to, in texts", () => {
    const ignore = [/"id":\d+/gu, /time=\S+/gu];
    assert.deepEqual(differencesOf(['{"id":1}', "time=9:00 a"], ['{"id":22}', "time=10 a"], { ignore }), []);
    assert.equal(differencesOf(['{"id":1}'], ['{"id":"x"}'], { ignore }).length, 1);
  });

  it("compares the end, where the recording has one", () => {
    const ended = { code: 4000, reason: "bye", ...clean };
    assert.deepEqual(differencesOf([], [], { end: recordedEnd, ended }), []);
    for (const other of [{ ...ended, code: 1000 }, { ...ended, reason: "" }, undefined]) {
      const found = differencesOf([], [], {
        end: recordedEnd,
        ...(other === undefined ? {} : { ended: other }),
      });
      assert.deepEqual(found, [{ kind: "end", expected: { code: 4000, reason: "bye" }, got: other }]);
    }
  });

  it("without one, minds an end that is unclean or comes too early", () => {
    const ended = { code: 1000, reason: "", ...clean };
    assert.deepEqual(differencesOf([], [], { ended, own: 2, played: 2 }), []);
    assert.equal(differencesOf([], [], { ended, own: 2, played: 1 }).length, 1);
    assert.equal(differencesOf([], [], { ended: { ...ended, wasClean: false } }).length, 1);
  });

  it("stays quick where everything is different", () => {
    const expected = Array.from({ length: 20_000 }, (_, i) => `expected ${i}`);
    const got = Array.from({ length: 20_000 }, (_, i) => `got ${i}`);
    assert.equal(differencesOf(expected, got).length, 20_000);
  });

  it("accounts for every message", () => {
    const messages = fc.array(fc.constantFrom("a", "b", "c"), { maxLength: 12 });
    fc.assert(
      fc.property(messages, messages, (expected, got) => {
        const found = differencesOf(expected, got);
        const missing = found.filter(({ kind }) => kind === "missing").length;
        const extra = found.filter(({ kind }) => kind === "extra").length;
        assert.equal(expected.length - missing + extra, got.length);
        assert.equal(found.length === 0, expected.join() === got.join());
        for (const difference of found) {
          if (difference.kind === "changed" || difference.kind === "missing") {
            assert.equal(expected[difference.number - 1], difference.expected);
          } else if (difference.kind === "extra") assert.equal(got[difference.number - 1], difference.got);
        }
      }),
    );
  });
});

describe("differences for people", () => {
  const shown = (difference: Difference): string[] =>
    describeDifference(difference, "client").map(stripVTControlCharacters);

  it("short texts one below the other", () => {
    assert.deepEqual(shown({ kind: "changed", number: 3, expected: "one\x1b[2J", got: "two" }), [
      "message 3 of the server differs",
      "  - one\\x1b[2J",
      "  + two",
    ]);
  });

  it("of long texts the part that differs", () => {
    const [, expected, got] = shown({
      kind: "changed",
      number: 1,
      expected: `${"same ".repeat(100)}old${" rest".repeat(100)}`,
      got: `${"same ".repeat(100)}new${" rest".repeat(100)}`,
    });
    assert.match(expected ?? "", /^ {2}- …(same ){8}old( rest){20}.*…$/);
    assert.match(got ?? "", /^ {2}\+ …(same ){8}new( rest){20}.*…$/);
  });

  it("of JSON the lines that differ", () => {
    const json = (value: number): string =>
      JSON.stringify({ a: "long ".repeat(12), b: 2, c: 3, d: value, e: "e", f: "f", g: "g" });
    assert.deepEqual(shown({ kind: "changed", number: 1, expected: json(1), got: json(2) }), [
      "message 1 of the server differs",
      "    …",
      '      "b": 2,',
      '      "c": 3,',
      '  -   "d": 1,',
      '  +   "d": 2,',
      '      "e": "e",',
      '      "f": "f",',
      "    …",
    ]);
  });

  it("of bytes the rows that differ", () => {
    const lines = shown({
      kind: "changed",
      number: 1,
      expected: Uint8Array.of(1, 2, 3),
      got: Uint8Array.of(1, 2, 4),
    });
    assert.deepEqual(
      lines.map((line) => line.trimEnd().replace(/ {3,}.*/, "")),
      ["message 1 of the server differs", "  - 00000000  01 02 03", "  + 00000000  01 02 04"],
    );
  });

  it("text that came as bytes", () => {
    assert.deepEqual(
      shown({ kind: "changed", number: 1, expected: "A", got: Uint8Array.of(0x41) }).map((line) =>
        line.replace(/ {3,}.*/, ""),
      ),
      ["message 1 of the server differs", "  - text:", "  - A", "  + binary:", "  + 00000000  41"],
    );
  });

  it("missing and further messages, and the end", () => {
    assert.deepEqual(shown({ kind: "missing", number: 2, expected: "" }), [
      "message 2 of the server has not come",
      "  - (empty)",
    ]);
    assert.deepEqual(shown({ kind: "extra", number: 2, got: "a\nb" }), [
      "message 2 of the server is not in the recording",
      "  + a",
      "  + b",
    ]);
    assert.deepEqual(shown({ kind: "end", expected: { code: 4000, reason: "bye\x07" }, got: undefined }), [
      "the server has not ended the connection as recorded",
      "  - closed with 4000 bye\\x07",
      "  + still open at the end",
    ]);
    assert.deepEqual(
      shown({
        kind: "end",
        expected: undefined,
        got: { code: 1006, reason: "", wasClean: false, error: "bad" },
      }),
      ["the server has not ended the connection as recorded", "  - open until the end", "  + cut: bad"],
    );
  });
});
