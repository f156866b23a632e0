import { assertEquals } from "@std/assert";
import { splitRemedy } from "../../lib/status/split_remedy.ts";

for (
  const [message, reason, remedy] of [
    ["Cannot a: b; do c", "Cannot a: b", "do c"],
    ["Cannot a (1; 2); do c; d", "Cannot a (1; 2)", "do c; d"],
    ['Cannot "a; b"; do c', 'Cannot "a; b"', "do c"],
    ['Cannot "a(;"; do c', 'Cannot "a(;"', "do c"],
    ["Cannot a", "Cannot a", undefined],
    ["Cannot a;", "Cannot a;", undefined],
    ['Cannot "a; b', 'Cannot "a; b', undefined],
    ["Cannot (a; b", "Cannot (a; b", undefined],
    ["\u{1f600}; \u{1f600}", "\u{1f600}", "\u{1f600}"],
    ["", "", undefined],
  ] as const
) {
  Deno.test(`splitRemedy() splits ${JSON.stringify(message)}`, () => {
    assertEquals(splitRemedy(message), { reason, remedy });
  });
}
