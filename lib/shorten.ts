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

const PRINTABLE_ASCII_REGEXP = /^[ -~]*$/;

/**
 * Says whether a text holds nothing but printable ASCII, as nearly all of what a first
 * boot meets does. Asked first, it spares the classes of Unicode, which take V8
 * milliseconds to compile.
 *
 * @param text Any text.
 * @returns Whether all of its characters are from U+0020 to U+007E.
 */
export function isPrintableAscii(text: string): boolean {
  return PRINTABLE_ASCII_REGEXP.test(text);
}
