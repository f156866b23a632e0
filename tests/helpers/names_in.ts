/**
 * The names in a folder.
 *
 * @param dir The folder.
 * @returns The names, sorted.
 */
export async function namesIn(dir: string): Promise<string[]> {
  const entries = await Array.fromAsync(Deno.readDir(dir));
  return entries.map(({ name }) => name).sort();
}
