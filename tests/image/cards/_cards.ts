import { type Check, checks } from "../_check.ts";
import type { Shell } from "../_shells.ts";

/** The MAC address of another machine's card. */
export const MAC = "52:54:00:12:34:56";

/** So many are named; the others are counted. */
export const NAMED = 5;

/**
 * Checks a tree.
 *
 * @param name The name of a check.
 * @param warns What it writes to the standard error, if anything.
 * @returns What that check says.
 */
export async function checkOf(
  shell: Shell,
  root: string,
  name: string,
  warns?: RegExp,
): Promise<Check> {
  return (await checks(shell, root, [], warns)).all[name]!;
}
