import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { takeTurn } from "./handshake-queue.js";

/** Takes turns for `names` at one host, and notes which have begun. */
function queueOf(key: string, ...names: string[]) {
  const begun: string[] = [];
  const end = Object.fromEntries(names.map((name) => [name, takeTurn(key, () => begun.push(name))]));
  return { begun, end: (name: string) => end[name]?.() };
}

describe("takeTurn", () => {
  it("starts one at a time, in the order they came", () => {
    const { begun, end } = queueOf("a:80", "one", "two", "three");
    assert.deepEqual(begun, ["one"]);
    end("one");
    assert.deepEqual(begun, ["one", "two"]);
    end("two");
    assert.deepEqual(begun, ["one", "two", "three"]);
    end("three");
  });

  it("lets other hosts and ports go on", () => {
    const a = queueOf("b:80", "one", "two");
    const b = queueOf("b:81", "one");
    assert.deepEqual([a.begun, b.begun], [["one"], ["one"]]);
    b.end("one");
    assert.deepEqual(a.begun, ["one"]);
    a.end("one");
    a.end("two");
  });

  it("skips one that has given up while it waited", () => {
    const { begun, end } = queueOf("c:80", "one", "two", "three");
    end("two");
    end("one");
    assert.deepEqual(begun, ["one", "three"]);
    end("three");
  });

  it("begins anew once the queue is empty", () => {
    for (let round = 0; round < 2; round++) {
      const { begun, end } = queueOf("d:80", "one", "two");
      assert.deepEqual(begun, ["one"]);
      end("two");
      end("one");
      assert.deepEqual(begun, ["one"]);
    }
  });

  it("starts the next one even when it ends within its own start", () => {
    const begun: string[] = [];
    const endFirst = takeTurn("e:80", () => begun.push("first"));
    const endSecond = takeTurn("e:80", () => {
      begun.push("second");
      endSecond();
    });
    const endThird = takeTurn("e:80", () => begun.push("third"));
    endFirst();
    assert.deepEqual(begun, ["first", "second", "third"]);
    endThird();
  });
});
