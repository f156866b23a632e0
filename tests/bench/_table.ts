import type { Summary } from "./_statistics.ts";

/**
 * Writes a table in Markdown.
 *
 * @param head The columns' names; the first is a name, the others are numbers.
 * @param rows The rows, as long as the head.
 * @throws {RangeError} If a row is longer or shorter.
 */
export function markdownTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
): string {
  const odd = rows.find((row) => row.length !== head.length);
  if (odd !== undefined) {
    throw new RangeError(`The row "${odd}" does not fit the table`);
  }
  const rule = head.map((_, column) => column === 0 ? "---" : "--:");
  return [head, rule, ...rows].map((cells) =>
    `| ${cells.map((it) => it.replaceAll("|", "\\|")).join(" | ")} |`
  ).join("\n");
}

/**
 * Writes a median with its quartiles.
 *
 * @param summary The numbers.
 * @param digits How many digits behind the point.
 * @returns Such as `42.1 (41.0-44.2)`.
 */
export function spread(summary: Summary, digits = 1): string {
  const { lower, median, upper } = summary;
  return `${median.toFixed(digits)} (${lower.toFixed(digits)}-${
    upper.toFixed(digits)
  })`;
}

/**
 * Writes a number of bytes in MB.
 *
 * @param bytes The bytes; `undefined` if they are not known.
 * @returns Such as `97.9`, or a dash.
 */
export function megabytes(bytes: number | undefined): string {
  return bytes === undefined ? "-" : (bytes / 1e6).toFixed(1);
}
