import { removeIfThere } from "./remove_if_there.ts";

/** Options of {@linkcode writeAtomically}. */
export interface WriteAtomicallyOptions {
  /** The file's mode. */
  readonly mode: number;
  /**
   * Whether an existing file keeps its owner, group and mode.
   *
   * @default {false}
   */
  readonly keepOwnerAndMode?: boolean;
  /**
   * Whether to wait until the disk has the file. If not, the file may be empty or missing
   * after a power cut.
   *
   * @default {true}
   */
  readonly sync?: boolean;
  /**
   * Whether to wait until the disk has the file's name as well. If not, the caller calls
   * {@linkcode syncFolder} once it has written all of its files; until then, a power cut may
   * bring the old one back.
   *
   * @default {true}
   */
  readonly syncName?: boolean;
}

/**
 * Returns the path that {@linkcode writeAtomically} writes to before it renames: a fixed
 * name in the same folder, so that the sandbox can allow it by name.
 *
 * @returns Such as `/etc/.hostname.azure-provisioning` for `/etc/hostname`.
 */
export function temporaryPathOf(path: string): string {
  const slash = path.lastIndexOf("/") + 1;
  return `${path.slice(0, slash)}.${path.slice(slash)}.azure-provisioning`;
}

/**
 * Returns the paths that {@linkcode writeAtomically} writes for some files: each file, and
 * the one that replaces it.
 */
export function pathsToWrite(files: readonly string[]): string[] {
  return files.flatMap((path) => [path, temporaryPathOf(path)]);
}

/**
 * Writes a file so that after a crash or a power cut either the old or the new content
 * is there as a whole.
 *
 * A symbolic link is replaced, not followed. It is synchronous, because a first boot
 * writes few files, and a thread for each would cost more than the write. Needs
 * `--allow-read` and `--allow-write` for the file and its {@linkcode temporaryPathOf}.
 *
 * @param path The file's absolute path.
 * @param content The new content.
 * @param options The file's mode, and how it is written.
 * @throws {Error} If the file cannot be written; the old one is then still there.
 */
export function writeAtomically(
  path: string,
  content: string | Uint8Array<ArrayBuffer>,
  { keepOwnerAndMode = false, sync = true, syncName = sync, ...options }:
    WriteAtomicallyOptions,
): void {
  const temporary = temporaryPathOf(path);
  removeIfThere(temporary);
  const old = keepOwnerAndMode ? fileAt(path) : undefined;
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
    if (sync) file.syncSync();
    Deno.renameSync(temporary, path);
  } catch (error) {
    tidyUp(temporary);
    throw error;
  }
  if (syncName) syncFolder(path.slice(0, path.lastIndexOf("/")) || "/");
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

/** If the owner cannot be changed, a correct file that is root's is better than none. */
function takeOwnerOf(old: Deno.FileInfo, path: string): void {
  const { uid, gid } = Deno.statSync(path);
  if (uid === old.uid && gid === old.gid) return;
  try {
    Deno.chownSync(path, old.uid, old.gid);
  } catch {
    // The file stays root's.
  }
}

/** Waits until the disk has the names of a folder's files. */
export function syncFolder(folder: string): void {
  try {
    using handle = Deno.openSync(folder);
    handle.syncSync();
  } catch {
    // Not every file system can sync a folder; the files are whole either way.
  }
}

function tidyUp(path: string): void {
  try {
    removeIfThere(path);
  } catch {
    // The error that prevented the write says more.
  }
}
