/**
 * Whether something is at a path: a file, a folder, or a link, wherever that leads.
 *
 * It is synchronous, as the other files of a first boot are. Needs `--allow-read` for the path.
 *
 * @param path The path.
 * @returns `false` if nothing is there; what cannot be looked at counts as there.
 */
export function isThere(path: string): boolean {
  try {
    Deno.lstatSync(path);
    return true;
  } catch (error) {
    return !(error instanceof Deno.errors.NotFound);
  }
}

/**
 * Whether a folder is at a path, or a link that leads to one.
 *
 * It is synchronous, as the other files of a first boot are. Needs `--allow-read` for the path.
 *
 * @param path The path.
 * @returns `false` if there is none; what cannot be looked at counts as none.
 */
export function isFolder(path: string): boolean {
  try {
    return Deno.statSync(path).isDirectory;
  } catch {
    return false;
  }
}
