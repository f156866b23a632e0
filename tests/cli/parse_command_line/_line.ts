/** A command line, written as a shell would without quotes. */
export type Line = string | readonly string[];

/**
 * Splits a command line.
 *
 * @returns Its arguments.
 */
export function argsOf(line: Line): readonly string[] {
  if (typeof line !== "string") return line;
  return line === "" ? [] : line.split(" ");
}

/**
 * Writes a command line down.
 *
 * @returns What the name of a test calls it.
 */
export function nameOf(line: Line): string {
  return typeof line === "string" ? `"${line}"` : JSON.stringify(line);
}
