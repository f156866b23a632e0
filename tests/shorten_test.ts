import { assertEquals } from "@std/assert";
import { isPrintableAscii, shorten } from "../lib/shorten.ts";

Deno.test("shorten() keeps 80 characters, or as many as it is told", () => {
  assertEquals(shorten(""), "");
  assertEquals(shorten("x".repeat(80)), "x".repeat(80));
  assertEquals(shorten("x".repeat(81)), `${"x".repeat(80)}...`);
  assertEquals(shorten("abc", 3), "abc");
  assertEquals(shorten("abcd", 3), "abc...");
});

Deno.test("shorten() leaves no half of a character", () => {
  assertEquals(shorten("ab\u{1f600}c", 3), "ab\ufffd...");
  assertEquals(shorten("a\u{1f600}bc", 3), "a\u{1f600}...");
});

Deno.test("isPrintableAscii() takes all of printable ASCII, and no other character", () => {
  const taken = Array.from({ length: 0x10000 }, (_, unit) => unit)
    .filter((unit) => isPrintableAscii(String.fromCharCode(unit)));
  assertEquals(
    taken,
    Array.from({ length: 0x7f - 0x20 }, (_, index) => 0x20 + index),
  );
});

Deno.test("isPrintableAscii() looks at the whole text", () => {
  assertEquals(isPrintableAscii(""), true);
  assertEquals(isPrintableAscii("a b"), true);
  for (const text of ["\u0085a", "a\u0085", "a\n", "\na", "a\nb", "a\u202e"]) {
    assertEquals(isPrintableAscii(text), false, JSON.stringify(text));
  }
});
