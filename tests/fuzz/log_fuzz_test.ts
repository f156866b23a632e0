import fc from "fast-check";
import { checkLine } from "./_check_line.ts";
import { fuzz } from "./_fuzz.ts";
import { text, word } from "./_texts.ts";

const room = "log";

fuzz("formatLine() makes one harmless line of any message", {
  room,
  runs: 830,
  input: fc.oneof(text, fc.string({ unit: "binary" })),
  check: checkLine,
});

fuzz("formatLine() makes one harmless line of a message that is too long", {
  room,
  runs: 30,
  input: fc.tuple(word, fc.integer({ min: 5900, max: 7000 }), text)
    .map(([word, length, end]) =>
      (word || "x").repeat(length).slice(0, length) + end
    ),
  check: checkLine,
});
