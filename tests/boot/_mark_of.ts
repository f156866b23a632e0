import { type Mark, parseMark } from "../../lib/state/mark.ts";

/** Where the mark is in a tree. */
export const STATE_DIR = "/var/lib/azure-provisioning";

/**
 * Reads the mark in a tree.
 *
 * @param tree The tree's folder.
 * @returns The mark, or `undefined` if there is none.
 * @throws {Error} If there is something else in its place.
 */
export async function markOf(tree: string): Promise<Mark | undefined> {
  const path = `${tree}${STATE_DIR}/provisioned.json`;
  let text: string;
  try {
    text = await Deno.readTextFile(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
  const mark = parseMark(text);
  if (mark === undefined) throw new Error(`"${path}" is no mark: "${text}"`);
  return mark;
}
