import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { median, percentile, ratiosByRound, summarize } from "./statistics.js";

describe("median", () => {
  test("of an odd number of samples is the one in the middle", () => assert.equal(median([9, 1, 5]), 5));
  test("of an even number is the mean of the two in the middle", () =>
    assert.equal(median([10, 1, 2, 4]), 3));
  test("of one sample is that sample", () => assert.equal(median([7]), 7));
  test("of none is not a number", () => assert.ok(Number.isNaN(median([]))));
  test("leaves its input as it was", () => {
    const samples = [3, 1, 2];
    median(samples);
    assert.deepEqual(samples, [3, 1, 2]);
  });
  test("sorts by value, not by text", () => assert.equal(median([100, 20, 3]), 20));
});

describe("percentile", () => {
  const hundred = Array.from({ length: 100 }, (_, index) => 100 - index);
  test("0.99 of 1 to 100 is 99", () => assert.equal(percentile(hundred, 0.99), 99));
  test("0.5 of 1 to 100 is 50", () => assert.equal(percentile(hundred, 0.5), 50));
  test("1 is the largest", () => assert.equal(percentile(hundred, 1), 100));
  test("0 is the smallest", () => assert.equal(percentile(hundred, 0), 1));
  test("of few samples is the largest", () => assert.equal(percentile([1, 2, 3], 0.99), 3));
  test("of none is not a number", () => assert.ok(Number.isNaN(percentile([], 0.5))));
});

test("summarize tells median, least, most and how many", () => {
  assert.deepEqual(summarize([4, 2, 9]), { median: 4, min: 2, max: 9, count: 3 });
  assert.equal(summarize([]).count, 0);
  assert.ok(Number.isNaN(summarize([]).min));
});

describe("ratiosByRound", () => {
  const samples = (...values: number[]): Map<number, number> => new Map(values.entries());

  test("divides round by round, not the medians", () => {
    assert.deepEqual(ratiosByRound(samples(10, 40), samples(5, 10)), [2, 4]);
  });
  test("leaves out a round that one of the two lacks", () => {
    const other = new Map([[1, 10]]);
    assert.deepEqual(ratiosByRound(samples(10, 40, 90), other), [4]);
  });
  test("compares what lies above a baseline", () => {
    assert.deepEqual(ratiosByRound(samples(6), samples(14), samples(2)), [1 / 3]);
  });
  test("leaves out a round without a baseline, or with nothing above it", () => {
    assert.deepEqual(ratiosByRound(samples(6, 6), samples(14, 2), new Map([[1, 2]])), []);
  });
});
