/**
 * Replaces words with a digit in a message, such as counts, dates and ids, to tell whether
 * two messages say the same.
 */
export function withoutNumbers(message: string): string {
  return message.replaceAll(
    /[\w.:-]+/g,
    (word) => /[0-9]/.test(word) ? "#" : word,
  );
}
