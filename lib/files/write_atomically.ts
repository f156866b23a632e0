import { messageOf } from "../provisioning_error.ts";

/** Options of {@linkcode writeAtomically}. */
export interface WriteAtomicallyOptions {
  /** The file's mode. */
  readonly mode: number;
  /**
   * Whether a file that is there already keeps its owner, its group and its mode.
   *
   * @default {false}
   */
  readonly keepOwnerAndMode?: boolean;
}

/**
 * The file that {@linkcode writeAtomically} writes before it takes its place: a
 * fixed name in the same folder, so that the sandbox can allow it by name.
 *
 * @param path The file.
 * @returns Such as `/etc/.hostname.azure-provisioning` for `/etc/hostname`.
 */
export function temporaryPathOf(path: string): string {
  const slash = path.lastIndexOf("/") + 1;
  return `${path.slice(0, slash)}.${path.slice(slash)}.azure-provisioning`;
}

/**
 * The paths that {@linkcode writeAtomically} writes for a file.
 *
 * @param path The file.
 * @returns The file, and the one that takes its place.
 */
export function atomicPaths(path: string): string[] {
  return [path, temporaryPathOf(path)];
}

/**
 * Writes a file so that after a crash, or a power cut, either the old text or the
 * new one is there, whole.
 *
 * A symbolic link is replaced, not followed. It is synchronous, as are the other few
 * files of a first boot: a thread for each would cost more than the file does. Needs `--allow-read` and
 * `--allow-write` for the file and {@linkcode temporaryPathOf} it.
 *
 * @param path The file, absolute.
 * @param content Its new text, or bytes.
 * @param options The file's mode, and whether it keeps the one that it has.
 * @throws {Error} If the file cannot be written; the old one is then still there.
 */
export function writeAtomically(
  path: string,
  content: string | Uint8Array<ArrayBuffer>,
  options: WriteAtomicallyOptions,
): void {
  const temporary = temporaryPathOf(path);
  removeIfThere(temporary);
  const old = options.keepOwnerAndMode ? fileAt(path) : undefined;
  const mode = modeOf(old) ?? options.mode;
  try {
    using file = Deno.openSync(temporary, {
      write: true,
      createNew: true,
      mode,
    });
    const bytes = typeof content === "string"
      ? new TextEncoder().encode(content)
      : content;
    for (let written = 0; written < bytes.length;) {
      written += file.writeSync(bytes.subarray(written));
    }
    if (old !== undefined) takeOwnerOf(old, temporary);
    Deno.chmodSync(temporary, mode);
    file.syncSync();
    Deno.renameSync(temporary, path);
  } catch (error) {
    tidyUp(temporary);
    throw error;
  }
  syncFolderOf(path);
}

function fileAt(path: string): Deno.FileInfo | undefined {
  try {
    const found = Deno.lstatSync(path);
    return found.isFile ? found : undefined;
  } catch {
    return undefined;
  }
}

function modeOf(file: Deno.FileInfo | undefined): number | undefined {
  const mode = file?.mode ?? undefined;
  return mode === undefined ? undefined : mode & 0o777;
}

/** A text that is right and root's is better than none, where giving it away is not allowed. */
function takeOwnerOf(old: Deno.FileInfo, path: string): void {
  const { uid, gid } = Deno.statSync(path);
  if (uid === old.uid && gid === old.gid) return;
  try {
    Deno.chownSync(path, old.uid, old.gid);
  } catch {
    // The file keeps the owner that it has.
  }
}

/** The new name is on the disk only when the folder is. */
function syncFolderOf(path: string): void {
  const folder = path.slice(0, path.lastIndexOf("/")) || "/";
  try {
    using handle = Deno.openSync(folder);
    handle.syncSync();
  } catch {
    // Not every file system lets a folder be synced; the file is whole either way.
  }
}

function removeIfThere(path: string): void {
  try {
    Deno.removeSync(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

function tidyUp(path: string): void {
  try {
    removeIfThere(path);
  } catch {
    // Why it could not be written says more.
  }
}

/**
 * Says why a file could not be read or written.
 *
 * @param error What was thrown.
 * @returns The system's words.
 */
export function fileProblem(error: unknown): string {
  return error instanceof Deno.errors.NotCapable
    ? "the program was compiled without the permission for this path"
    : messageOf(error);
}
