import { programFolders } from "./program_folders.ts";

/**
 * Finds a program in its {@linkcode programFolders}.
 *
 * @returns Its path, or `undefined` if it is not installed.
 */
export async function findProgram(name: string): Promise<string | undefined> {
  for (const folder of programFolders(name)) {
    const path = `${folder}/${name}`;
    if (await isExecutable(path)) return path;
  }
  return undefined;
}

/**
 * Checks whether one of its {@linkcode programFolders} has a program.
 *
 * @returns `false` also if a folder cannot be read.
 */
export function hasProgram(name: string): boolean {
  return programFolders(name).some((folder) => {
    try {
      return Deno.statSync(`${folder}/${name}`).isFile;
    } catch {
      return false;
    }
  });
}

/** Whether a path leads to a file with an execute bit. */
export async function isExecutable(path: string): Promise<boolean> {
  try {
    const { isFile, mode } = await Deno.stat(path);
    return isFile && ((mode ?? 0) & 0o111) !== 0;
  } catch {
    return false;
  }
}
