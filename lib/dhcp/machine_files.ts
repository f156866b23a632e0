import { readBounded } from "../files/read_bounded.ts";

/** The largest file that is read, in bytes: a file of leases may grow with every lease. */
const MAX_FILE_BYTES = 256 * 1024;

/** The most names of a folder that are looked at. */
const MAX_NAMES = 1000;

/** The most files of a folder that are read; a machine has a few interfaces. */
const MAX_TEXTS = 64;

/** The machine's files, as far as they tell about DHCP clients. */
export interface MachineFiles {
  /** The names in a folder, sorted; empty if it cannot be read. */
  names(folder: string): readonly string[];
  /** A file's text; `undefined` if it cannot be read. Only for files of root's. */
  text(path: string): string | undefined;
}

/** A file's name, without its folder, and its text. */
export interface NamedText {
  readonly name: string;
  readonly text: string;
}

/**
 * Reads the files of this machine. It is synchronous, because each asynchronous call
 * would wake a thread.
 *
 * Needs `--allow-read`.
 *
 * @param root A prefix for every path; empty on a real machine.
 */
export function machineFiles(root: string): MachineFiles {
  return {
    names: (folder) => namesIn(`${root}${folder}`),
    text(path) {
      try {
        const bytes = readBounded(`${root}${path}`, MAX_FILE_BYTES);
        return new TextDecoder().decode(bytes);
      } catch {
        return undefined;
      }
    },
  };
}

function namesIn(folder: string): string[] {
  const names: string[] = [];
  try {
    for (const { name } of Deno.readDirSync(folder)) {
      if (names.push(name) === MAX_NAMES) break;
    }
  } catch {
    // Most folders do not exist: a machine has one client.
  }
  return names.sort();
}

/**
 * Reads files of a folder.
 *
 * @returns No more than 64; those that cannot be read are left out.
 */
export function textsIn(
  files: MachineFiles,
  folder: string,
  wanted = /^/,
): NamedText[] {
  const texts: NamedText[] = [];
  for (const name of files.names(folder)) {
    if (!wanted.test(name)) continue;
    const text = files.text(`${folder}/${name}`);
    if (text === undefined) continue;
    if (texts.push({ name, text }) === MAX_TEXTS) break;
  }
  return texts;
}
