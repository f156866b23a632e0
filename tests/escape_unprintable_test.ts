import { assertEquals, assertMatch } from "@std/assert";
import { escapeUnprintable } from "../lib/escape_unprintable.ts";

Deno.test("escapeUnprintable() makes what cannot be seen visible, and keeps the rest", () => {
  for (
    const [text, escaped] of [
      [
        "a\n\r\t\0\u001b\u009b\u2028\u202e b\u00e4\u{1f600}",
        "a\\n\\r\\t\\u0000\\u001b\\u009b\\u2028\\u202e b\u00e4\u{1f600}",
      ],
      ["\u{e0041}", "\\udb40\\udc41"],
      ["\u3164\u115f\ufe0f", "\\u3164\\u115f\\ufe0f"],
      ["\ud800a\udc00", "\\ud800a\\udc00"],
      ["", ""],
    ] as const
  ) assertEquals(escapeUnprintable(text), escaped);
});

Deno.test("escapeUnprintable() leaves no command to a CI system", () => {
  for (
    const [text, escaped] of [
      ["::add-path::/x", "\\u003a:add-path::/x"],
      ["   ::add-path::/x", "   \\u003a:add-path::/x"],
      // Who reads the line trims more than spaces.
      ["\u00a0\u3000::add-path::/x", "\u00a0\u3000\\u003a:add-path::/x"],
      ["\u00e4 ##[add-path]/x", "\u00e4 \\u0023#[add-path]/x"],
      ["x##VSO[task.a]", "x\\u0023#VSO[task.a]"],
      ["###[group]", "#\\u0023#[group]"],
      ["[::1]:80 is ## no command", "[::1]:80 is ## no command"],
    ] as const
  ) assertEquals(escapeUnprintable(text), escaped);
});

Deno.test("escapeUnprintable() keeps what a JSON text means", () => {
  const value = {
    "a\u202eb": [
      "\u009b31m",
      "::a::",
      "\\##[b]",
      '"##[c]',
      "\ud800",
      "\u{e0041}",
    ],
  };
  const escaped = escapeUnprintable(JSON.stringify(value));
  assertEquals(JSON.parse(escaped), value);
  assertMatch(escaped, /^[ -~]*$/);
});
