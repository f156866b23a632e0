import { assertEquals, assertThrows } from "@std/assert";
import { markdownTable, megabytes, spread } from "./_table.ts";

Deno.test("markdownTable() writes a name and numbers", () => {
  assertEquals(
    markdownTable(["", "ms"], [["a|b", "1.0"]]),
    "|  | ms |\n| --- | --: |\n| a\\|b | 1.0 |",
  );
  assertThrows(() => markdownTable(["a"], [["b", "c"]]), RangeError, "b,c");
});

Deno.test("spread() writes a median between its quartiles", () => {
  const summary = { lower: 1, median: 2, upper: 3, count: 9 };
  assertEquals(spread(summary), "2.0 (1.0-3.0)");
});

Deno.test("megabytes() writes what is not known as a dash", () => {
  assertEquals([97_886_280, undefined].map(megabytes), ["97.9", "-"]);
});
