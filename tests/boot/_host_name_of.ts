/**
 * Reads the host name that a tree's next boot starts with.
 *
 * @param tree The tree's folder.
 * @returns The name.
 */
export async function hostNameOf(tree: string): Promise<string> {
  return (await Deno.readTextFile(`${tree}/etc/hostname`)).trim();
}
