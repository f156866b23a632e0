import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { median, quantile, ratios, summarize } from "./_statistics.ts";

const VALUES = fc.array(fc.double({ min: 0.001, max: 1e9, noNaN: true }), {
  minLength: 1,
  maxLength: 50,
});

Deno.test("median() takes the value in the middle, in whatever order they come", () => {
  assertEquals(median([3, 1, 2]), 2);
  assertEquals(median([4, 1, 3, 2]), 2.5);
  assertEquals(median([7]), 7);
});

Deno.test("quantile() lies between two values in proportion", () => {
  assertEquals(quantile([0, 10], 0.25), 2.5);
  assertEquals(quantile([1, 2, 3, 4, 5], 0.75), 4);
  assertThrows(() => quantile([], 0.5), RangeError, "no values");
});

Deno.test("summarize() leaves the values as they are", () => {
  const values = [5, 1, 4, 2, 3];
  assertEquals(summarize(values), { lower: 2, median: 3, upper: 4, count: 5 });
  assertEquals(values, [5, 1, 4, 2, 3]);
});

Deno.test("summarize() keeps its numbers in order, and within the values", () => {
  fc.assert(fc.property(VALUES, (values) => {
    const { lower, median, upper } = summarize(values);
    const inOrder = [Math.min(...values), lower, median, upper]
      .every((value, index, all) => value <= (all[index + 1] ?? Infinity));
    return inOrder && upper <= Math.max(...values);
  }));
});

Deno.test("ratios() are taken within a round, so that a slow round does not count", () => {
  const { median, lower, upper } = ratios([2, 20, 200], [1, 10, 100]);
  assertEquals([lower, median, upper], [2, 2, 2]);
  assertThrows(() => ratios([1], [1, 2]), RangeError, "1 values");
});

Deno.test("ratios() of a thing with itself are 1", () => {
  fc.assert(fc.property(VALUES, (values) => {
    assertAlmostEquals(ratios(values, values).median, 1);
  }));
});
