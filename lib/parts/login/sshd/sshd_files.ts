import { fileProblem } from "../../../files/file_problem.ts";
import { isFolder } from "../../../files/is_there.ts";
import { readBounded } from "../../../files/read_bounded.ts";
import { pathOnDisk } from "../login_machine.ts";
import { SSHD_WITHOUT_PASSWORDS } from "./sshd_drop_in.ts";
import { MAX_NAMES, sshdGlob } from "./sshd_glob.ts";
import type { SshdFiles } from "./sshd_lines.ts";
import { SSHD_DROP_IN_FOLDER, SSHD_DROP_IN_NAME } from "../login_names.ts";

/** The largest file that is read, in bytes. */
const MAX_FILE_BYTES = 1024 * 1024;

/** Options of {@linkcode sshdFiles}. */
export interface SshdFilesOptions {
  /** The folder that stands for `/etc`. */
  readonly etcDir: string;
  /** Whether to read as if the program's own drop-in were in place, whatever is on the disk. */
  readonly withDropIn: boolean;
}

/** The files of the machine's sshd. */
export interface MachineSshdFiles extends SshdFiles {
  /** Whether a path leads to the program's own drop-in. */
  readonly isDropIn: (path: string) => boolean;
}

/**
 * Returns functions that find and read the files of the machine's sshd: regular ones,
 * and within limits. They need `--allow-read`.
 */
export function sshdFiles(
  { etcDir, withDropIn }: SshdFilesOptions,
): MachineSshdFiles {
  const onDisk = (path: string) => pathOnDisk(path, etcDir);
  const dropIn = `${placeOf(onDisk(SSHD_DROP_IN_FOLDER))}/${SSHD_DROP_IN_NAME}`;
  const isDropIn = (path: string) => {
    const slash = path.lastIndexOf("/");
    return path.slice(slash + 1) === SSHD_DROP_IN_NAME &&
      `${placeOf(onDisk(path.slice(0, slash)))}/${SSHD_DROP_IN_NAME}` ===
        dropIn;
  };
  const namesIn = (folder: string): readonly string[] => {
    const path = onDisk(folder) || "/";
    const names = readNames(path);
    const start = `${placeOf(path)}/`;
    if (!withDropIn || !dropIn.startsWith(start)) return names;
    // The folder of the drop-in may be missing as well.
    const next = dropIn.slice(start.length).split("/")[0]!;
    return names.includes(next) ? names : [...names, next];
  };
  return {
    isDropIn,
    read(path) {
      if (withDropIn && isDropIn(path)) return SSHD_WITHOUT_PASSWORDS;
      try {
        // sshd can open a folder, and reads nothing from it.
        if (isFolder(onDisk(path))) return "";
        const bytes = readBounded(onDisk(path), MAX_FILE_BYTES);
        // For sshd, a byte order mark is part of the first keyword.
        return new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
      } catch (error) {
        throw new Error(fileProblem(error));
      }
    },
    glob: (pattern) =>
      sshdGlob(pattern, {
        namesIn,
        isThere: (path) =>
          (withDropIn && isDropIn(path)) || isThere(onDisk(path)),
      }),
  };
}

function readNames(folder: string): string[] {
  const names: string[] = [];
  try {
    for (const { name } of Deno.readDirSync(folder)) {
      if (names.push(name) > MAX_NAMES) break;
    }
  } catch {
    // Like sshd, find nothing in a folder that is missing, or is not a folder.
  }
  return names;
}

function isThere(path: string): boolean {
  try {
    Deno.lstatSync(path);
    return true;
  } catch {
    return false;
  }
}

/** The path without links, also of what does not exist yet. */
function placeOf(path: string): string {
  try {
    return Deno.realPathSync(path);
  } catch {
    const slash = path.lastIndexOf("/");
    if (slash < 0) return path;
    return `${slash === 0 ? "" : placeOf(path.slice(0, slash))}${
      path.slice(slash)
    }`;
  }
}
