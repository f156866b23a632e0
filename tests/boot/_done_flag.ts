import { STATE_DIR } from "./_mark_of.ts";

/** Where success is recorded for the inits, in a tree. */
export const DONE_FLAG = `${STATE_DIR}/boot-done`;

/**
 * Reads whose success is recorded in a tree.
 *
 * @param tree The tree's folder.
 * @returns The VM's UUID, or `undefined` if none is recorded.
 */
export async function doneFlagOf(tree: string): Promise<string | undefined> {
  try {
    return (await Deno.readTextFile(`${tree}${DONE_FLAG}`)).trim();
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}
