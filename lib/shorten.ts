/**
 * Shortens foreign text that a message quotes: keeps its start and adds three dots.
 *
 * @param length The most characters to keep.
 */
export function shorten(text: string, length = 80): string {
  return text.length > length
    ? `${text.slice(0, length).toWellFormed()}...`
    : text;
}

const PRINTABLE_ASCII_REGEXP = /^[ -~]*$/;

/**
 * Whether a text is printable ASCII, U+0020 to U+007E. Almost all text of a first boot is.
 * Checking this first avoids Unicode classes, which take V8 milliseconds to compile.
 */
export function isPrintableAscii(text: string): boolean {
  return PRINTABLE_ASCII_REGEXP.test(text);
}
