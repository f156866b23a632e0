import { isPrintableAscii } from "./shorten.ts";

/**
 * Controls, what changes the direction or the lines of a text, what cannot be seen, and
 * halves of characters.
 */
const UNPRINTABLE_REGEXP =
  /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;

/** Commands to a CI system that reads a log: anywhere in a line, and where one begins. */
const COMMAND_REGEXP = /##(?=[a-z]*\[)/gi;
const COMMAND_LINE_REGEXP = /^(\s*):(?=:)/;

/**
 * Makes a text safe to show on one line, whoever wrote it: the one function for all that
 * the program says, in the log, on a terminal, in records and to the platform.
 *
 * The result gives no command to a terminal, nor to a CI system that reads the output
 * and would obey `::add-path::` and `##[command]`. A JSON text stays the same JSON.
 *
 * @param text Any text.
 * @returns The text with escapes such as `\n` and `\u001b` in place of what cannot be
 * seen or would act.
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

/** Characters beyond the basic plane have two units; JSON knows no other escape for them. */
function unitEscape(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
