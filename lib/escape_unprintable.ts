import { isPrintableAscii } from "./shorten.ts";

/**
 * Control characters, those that change the direction or the lines of a text, invisible
 * ones, and halves of surrogate pairs.
 */
const UNPRINTABLE_REGEXP =
  /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;

/** Commands to a CI system that reads a log: anywhere in a line, and at its start. */
const COMMAND_REGEXP = /##(?=[a-z]*\[)/gi;
const COMMAND_LINE_REGEXP = /^(\s*):(?=:)/;

/**
 * Makes foreign text safe to show on one line. All output goes through it: the log, the
 * terminal, records, and reports to the platform.
 *
 * The result cannot command a terminal, or a CI system that would obey `::add-path::` and
 * `##[command]`. It has escapes such as `\n` and `\u001b` instead. JSON keeps its value.
 */
export function escapeUnprintable(text: string): string {
  const visible = isPrintableAscii(text) ? text : text.replaceAll(
    UNPRINTABLE_REGEXP,
    (character) => {
      if (character === "\n") return "\\n";
      if (character === "\r") return "\\r";
      if (character === "\t") return "\\t";
      return character.split("").map(unitEscape).join("");
    },
  );
  return visible.replaceAll(COMMAND_REGEXP, `${unitEscape("#")}#`)
    .replace(COMMAND_LINE_REGEXP, `$1${unitEscape(":")}`);
}

/** A character beyond the basic plane takes two escapes, as in JSON. */
function unitEscape(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
