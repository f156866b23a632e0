/**
 * Checks whether there is a file, a folder or a link at a path; a dangling link counts.
 *
 * Needs `--allow-read` for the path.
 *
 * @returns `false` only if nothing is there: what cannot be examined counts as there.
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
 * Checks whether there is a folder at a path, or a link that leads to one.
 *
 * Needs `--allow-read` for the path.
 *
 * @returns `true` only for a folder: what cannot be examined does not count as one.
 */
export function isFolder(path: string): boolean {
  try {
    return Deno.statSync(path).isDirectory;
  } catch {
    return false;
  }
}
