import { escapeUnprintable } from "../escape_unprintable.ts";

/** As many characters as every terminal has in a line. */
export const PAGE_WIDTH = 80;

/**
 * Breaks a text into lines, at blanks where there are any.
 *
 * @param first What the first line begins with.
 * @param text The text.
 * @param rest What the other lines begin with.
 * @returns The lines, none of which begins with a command to a CI system, nor is over {@linkcode PAGE_WIDTH} characters.
 */
export function wrap(first: string, text: string, rest: string): string[] {
  const lines: string[] = [];
  let line = first;
  let isEmpty = true;
  for (const word of text.split(" ").flatMap((it) => pieces(it, rest))) {
    if (!isEmpty && line.length + 1 + word.length > PAGE_WIDTH) {
      lines.push(line.trimEnd());
      line = rest;
      isEmpty = true;
    }
    line += isEmpty ? word : ` ${word}`;
    isEmpty = false;
  }
  return [...lines, line.trimEnd()];
}

/** Each may come to the beginning of a line. */
function pieces(text: string, rest: string): string[] {
  const length = PAGE_WIDTH - rest.length;
  const word = escapeUnprintable(text);
  if (word.length <= length) return [word];
  return [word.slice(0, length), ...pieces(word.slice(length), rest)];
}
