import { assertEquals } from "@std/assert";
import { shorten } from "../lib/shorten.ts";

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
