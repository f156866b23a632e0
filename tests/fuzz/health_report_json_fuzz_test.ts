import fc from "fast-check";
import { checkHealthReportJson } from "./_check_health_report_json.ts";
import { fuzz } from "./_fuzz.ts";
import { text, word } from "./_texts.ts";

const room = "health report";

/** Around the limit: whole characters, pairs and halves of pairs on either side of it. */
const aroundTheLimit = fc.tuple(
  fc.integer({ min: 500, max: 520 }),
  fc.constantFrom("x", '"', "\\", "\0", "\u{1f600}", "\u00e4", "\u2028"),
  text,
).map(([count, character, end]) => character.repeat(count) + end);

/** What takes the most bytes a character, escaped or not. */
const widest = fc.tuple(
  fc.constantFrom("\0", "\x1f", "\x7f", "\ud800", "\udfff", "\u{10ffff}"),
  fc.integer({ min: 400, max: 3000 }),
).map(([character, count]) => `a${character.repeat(count)}`);

const description = fc.oneof(
  text,
  fc.array(word, { maxLength: 400 }).map((words) => words.join("")),
  fc.string({ unit: "binary", maxLength: 2000 }),
  aroundTheLimit,
  widest,
);

fuzz(
  "buildHealthReportJson() gives JSON that the platform takes, with the start of the description in whole characters",
  {
    room,
    runs: 1000,
    input: description,
    check: (description) => {
      checkHealthReportJson({ state: "NotReady", description });
      checkHealthReportJson({ state: "Ready" });
    },
  },
);
