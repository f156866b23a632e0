/**
 * Shortens what a message quotes of others' words, so that it stays readable.
 *
 * @param text Any text.
 * @param length The most characters to keep.
 * @returns The text, or its start and three dots.
 */
export function shorten(text: string, length = 80): string {
  return text.length > length
    ? `${text.slice(0, length).toWellFormed()}...`
    : text;
}
