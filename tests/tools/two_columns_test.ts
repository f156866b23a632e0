import { assertEquals } from "@std/assert";
import { twoColumns } from "../../tools/two_columns.ts";

Deno.test("twoColumns() sets short texts beside each other", () => {
  assertEquals(twoColumns("left", "right"), `${"left".padEnd(62)} | right`);
});

Deno.test("twoColumns() wraps a long text at a blank, without losing any of it", () => {
  const words = Array.from({ length: 40 }, (_, index) => `word${index}`);
  const rows = twoColumns("", words.join(" ")).split("\n");
  const rights = rows.map((row) => row.split(" | ")[1]!.trim());
  assertEquals(rows.length > 1, true);
  assertEquals(rights.join(" "), words.join(" "));
});

Deno.test("twoColumns() breaks a word that is wider than its column", () => {
  const rows = twoColumns("x".repeat(100), "").split("\n");
  const lefts = rows.map((row) => row.split(" |")[0]!.trim());
  assertEquals(lefts.join(""), "x".repeat(100));
});
