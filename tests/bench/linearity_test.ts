import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { lineThrough } from "./_linearity.ts";

const SIZES = [1, 4, 16, 64, 256];
const points = (cost: (size: number) => number) =>
  SIZES.map((size) => ({ size, cost: cost(size) }));

Deno.test("lineThrough() finds a line", () => {
  const line = lineThrough(points((size) => 40 + 3 * size));
  assertAlmostEquals(line.base, 40);
  assertAlmostEquals(line.perUnit, 3);
  assertAlmostEquals(line.bend, 1);
});

Deno.test("lineThrough() tells a square from a line by its bend", () => {
  assertEquals(lineThrough(points((size) => size ** 2)).bend > 3, true);
  assertEquals(lineThrough(points((size) => Math.sqrt(size))).bend < 1, true);
});

Deno.test("lineThrough() wants three points", () => {
  assertThrows(() => lineThrough([{ size: 1, cost: 1 }]), RangeError, "three");
});
