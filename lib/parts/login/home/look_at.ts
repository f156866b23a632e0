import { fileProblem } from "../../../files/file_problem.ts";

/** The mode bits that let the group and others write. */
const WRITABLE_BY_OTHERS = 0o022;

/**
 * Looks at a path without following a link.
 *
 * @returns `undefined` if nothing is there.
 * @throws {Error} If it cannot be looked at.
 */
export function lstatIfThere(path: string): Deno.FileInfo | undefined {
  try {
    return Deno.lstatSync(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

/**
 * Like {@linkcode lstatIfThere}, for paths at which the user may keep root from looking,
 * for example through a file system of its own (FUSE).
 *
 * @returns The reason if root cannot look; `undefined` if nothing is there.
 */
export function lookAt(path: string): Deno.FileInfo | string | undefined {
  try {
    return lstatIfThere(path);
  } catch (error) {
    return fileProblem(error);
  }
}

/**
 * Looks at a folder, and has the kernel mount it first if it is mounted on demand.
 *
 * @returns What {@linkcode lookAt} returns; the information about anything but a folder.
 */
export function lookAtFolder(path: string): Deno.FileInfo | string | undefined {
  const info = lookAt(path);
  if (typeof info !== "object" || !info.isDirectory) return info;
  // Looking at the folder itself does not mount it; walking through it does.
  return lookAt(`${path}/.`);
}

/**
 * Says why a folder or a file cannot be trusted with a user's keys.
 *
 * @param info The result of `lstat`.
 * @param uid The user's id.
 * @returns `undefined` if it belongs to that user or to root, and nobody else may write to it.
 */
export function trustProblem(
  info: Pick<Deno.FileInfo, "isSymlink" | "uid" | "mode">,
  uid: number,
): string | undefined {
  if (info.isSymlink) return "it is a symbolic link";
  if (info.uid !== uid && info.uid !== 0) {
    return `it belongs to user ${info.uid}`;
  }
  if (((info.mode ?? 0) & WRITABLE_BY_OTHERS) !== 0) {
    return "others than its owner may write to it";
  }
  return undefined;
}
