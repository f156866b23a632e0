import { isFolder } from "../../files/is_there.ts";
import { readBounded } from "../../files/read_bounded.ts";
import { fileProblem } from "../../files/write_atomically.ts";
import {
  SSHD_DROP_IN_FOLDER,
  SSHD_DROP_IN_NAME,
  SSHD_WITHOUT_PASSWORDS,
} from "./sshd_config.ts";
import type { SshdFiles } from "./sshd_settings.ts";

/** The largest file of sshd's configuration that is read, in bytes. */
const MAX_FILE_BYTES = 1024 * 1024;

/** How many names are looked at for one pattern: `/*` again and again would be the whole disk. */
const MAX_NAMES = 10_000;

const MAGIC_REGEXP = /[*?[\\]/;

/** What is particular about reading sshd's files. */
export interface SshdFilesOptions {
  /** The folder that `/etc` is. */
  readonly etcDir: string;
  /** Whether the program's own drop-in is there as it would write it, whatever is on the disk. */
  readonly withDropIn: boolean;
}

/** The files of the machine's sshd. */
export interface MachineSshdFiles extends SshdFiles {
  /**
   * Whether a path leads to the program's own drop-in.
   *
   * @param path Any path.
   */
  readonly isDropIn: (path: string) => boolean;
}

/**
 * Reads the files of the machine's sshd, regular ones and within limits. Needs
 * `--allow-read`.
 *
 * @param options Where they are.
 * @returns What reads them.
 */
export function sshdFiles(
  { etcDir, withDropIn }: SshdFilesOptions,
): MachineSshdFiles {
  const onDisk = (path: string) => path.replace(/^\/etc(?=\/|$)/, etcDir);
  const dropInFolder = realPath(onDisk(SSHD_DROP_IN_FOLDER));
  const isDropIn = (path: string) => {
    const slash = path.lastIndexOf("/");
    return path.slice(slash + 1) === SSHD_DROP_IN_NAME &&
      dropInFolder !== undefined &&
      realPath(onDisk(path.slice(0, slash))) === dropInFolder;
  };
  const namesIn = (folder: string): readonly string[] => {
    const path = onDisk(folder) || "/";
    const names = readNames(path);
    const isMissing = withDropIn && dropInFolder !== undefined &&
      realPath(path) === dropInFolder && !names.includes(SSHD_DROP_IN_NAME);
    return isMissing ? [...names, SSHD_DROP_IN_NAME] : names;
  };
  return {
    isDropIn,
    read(path) {
      if (withDropIn && isDropIn(path)) return SSHD_WITHOUT_PASSWORDS;
      try {
        // sshd opens a folder, and reads nothing.
        if (isFolder(onDisk(path))) return "";
        const bytes = readBounded(onDisk(path), MAX_FILE_BYTES);
        // For sshd, a byte order mark is part of the first keyword.
        return new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
      } catch (error) {
        throw new Error(fileProblem(error));
      }
    },
    glob: (pattern) =>
      expand(pattern, {
        namesIn,
        isThere: (path) =>
          (withDropIn && isDropIn(path)) || isThere(onDisk(path)),
      }),
  };
}

interface Tree {
  readonly namesIn: (folder: string) => readonly string[];
  readonly isThere: (path: string) => boolean;
}

/**
 * Finds files as the glob(3) that OpenSSH brings along does: no braces and no `~`, `^`
 * is a character like any other, and names that begin with a dot match nothing but a dot.
 */
function expand(pattern: string, tree: Tree): string[] {
  // It begins nowhere that sshd could mean.
  if (!pattern.startsWith("/")) return [];
  requireUtf8(pattern, `"${pattern}" is a pattern that is not UTF-8`);
  if (pattern.includes("\\/")) {
    throw new Error(`"${pattern}" is a pattern with an escape before a slash`);
  }
  let count = 0;
  let paths = [""];
  for (const step of pattern.split("/").filter((it) => it !== "")) {
    if (!MAGIC_REGEXP.test(step)) {
      paths = paths.map((path) => `${path}/${step}`);
      continue;
    }
    const wanted = stepRegExp(step);
    paths = paths.flatMap((path) => {
      const names = tree.namesIn(path);
      if ((count += names.length + 1) > MAX_NAMES) {
        throw new Error(`"${pattern}" is a pattern of too many files`);
      }
      return names.filter((name) => wanted.test(bytesOf(name))).map((name) => {
        requireUtf8(name, `"${path}" has a file whose name is not UTF-8`);
        return `${path}/${name}`;
      });
    });
  }
  return paths.filter(tree.isThere).sort(byBytes);
}

function requireUtf8(text: string, problem: string): void {
  if (text.includes("\ufffd")) throw new Error(problem);
}

/** A character for each byte, as sshd compares bytes. */
function bytesOf(text: string): string {
  return String.fromCharCode(...new TextEncoder().encode(text));
}

/**
 * Each `*` but the last takes as little as it can, once and for all, as a lookahead
 * never tries again: plain `.*` would take polynomial time for a pattern of many.
 */
function stepRegExp(step: string): RegExp {
  const bytes = bytesOf(step);
  const parts = [""];
  const add = (source: string) => parts[parts.length - 1] += source;
  for (let at = 0; at < bytes.length; at++) {
    const character = bytes[at]!;
    const set = character === "["
      ? /^\[(!|(?!!))(\][^\]]*|[^\]]+)\]/.exec(bytes.slice(at))
      : null;
    if (set !== null && /\[[:.=]|\\/.test(set[0].slice(1))) {
      throw new Error(
        `"${step}" is a pattern with a class of characters, or an escape in a set`,
      );
    }
    if (set !== null) {
      const [whole, not, characters] = set as unknown as [
        string,
        string,
        string,
      ];
      add(
        `[${not === "" ? "" : "^"}${
          characters.replaceAll(/[\\[\]^]/g, "\\$&")
        }]`,
      );
      at += whole.length - 1;
    } else if (character === "*") parts.push("");
    else if (character === "?") add(".");
    else {
      const literal = character === "\\" ? bytes[++at] ?? "\\" : character;
      add(literal.replaceAll(/[\\^$.*+?()[\]{}|/]/g, "\\$&"));
    }
  }
  const hidden = /^\\?\./.test(step) ? "" : "(?!\\.)";
  const [first, ...others] = parts;
  const last = others.pop();
  const middle = others.map((part, at) => `(?=(.*?${part}))\\${at + 1}`);
  const end = last === undefined ? "" : `.*${last}`;
  try {
    return new RegExp(`^${hidden}${first}${middle.join("")}${end}$`, "s");
  } catch {
    throw new Error(`"${step}" is no pattern that can be read`);
  }
}

/** sshd sorts by bytes, which for UTF-8 is by code points. */
function byBytes(one: string, other: string): number {
  const [left, right] = [[...one], [...other]];
  for (let at = 0; at < Math.min(left.length, right.length); at++) {
    const difference = left[at]!.codePointAt(0)! - right[at]!.codePointAt(0)!;
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}

function readNames(folder: string): string[] {
  const names: string[] = [];
  try {
    for (const { name } of Deno.readDirSync(folder)) {
      if (names.push(name) > MAX_NAMES) break;
    }
  } catch {
    // What is no folder, or is not there, has no files; sshd passes over it, too.
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

function realPath(path: string): string | undefined {
  try {
    return Deno.realPathSync(path);
  } catch {
    return undefined;
  }
}
