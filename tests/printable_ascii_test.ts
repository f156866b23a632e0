import { assertEquals } from "@std/assert";
import { isPrintableAscii } from "../lib/printable_ascii.ts";

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
