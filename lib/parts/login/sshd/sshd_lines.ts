import { parseSshdConfig, type SshdDirective } from "./sshd_config.ts";

/** The files of an sshd; tests pass made-up ones. */
export interface SshdFiles {
  /**
   * Finds files as glob(3) does.
   *
   * @param pattern The pattern, absolute or starting with `~`.
   * @returns Their paths, in the order of their bytes.
   * @throws {Error} If it cannot be told which files match.
   */
  readonly glob: (pattern: string) => readonly string[];
  /**
   * Reads a file.
   *
   * @param path A path that `glob` returned, or the main configuration.
   * @throws {Error} If it cannot be read.
   */
  readonly read: (path: string) => string;
}

/** A line of sshd's configuration, and where sshd reads it. */
export interface SshdLine extends SshdDirective {
  /** The file. */
  readonly path: string;
  /** The criteria of each `Match` around it; empty if it applies to everybody. */
  readonly matches: readonly string[];
}

/** The lines that sshd reads. */
export interface SshdLines {
  /** The lines, in the order in which sshd reads them, without `Include` and `Match`. */
  readonly lines: readonly SshdLine[];
  /** Why not everything could be read, if so. */
  readonly problem?: string | undefined;
}

/** How deep includes may be nested (`SERVCONF_MAX_DEPTH`). */
const MAX_DEPTH = 16;

/** How many files are read. sshd has no limit, but files that include each other twice grow exponentially. */
const MAX_FILES = 256;

/**
 * Reads sshd's configuration, with everything that it includes.
 *
 * @param path The main configuration.
 */
export function readSshdLines(path: string, files: SshdFiles): SshdLines {
  const lines: SshdLine[] = [];
  let count = 0;
  function readFile(file: string, matches: readonly string[], depth: number) {
    if (depth > MAX_DEPTH) {
      throw new Error(
        `"${file}" is included more than ${MAX_DEPTH} levels deep`,
      );
    }
    if (++count > MAX_FILES) {
      throw new Error(`it includes over ${MAX_FILES} files`);
    }
    // A Match ends with its file, and applies to the files that are included in it.
    let inside = matches;
    for (const directive of directivesOf(file, files)) {
      const { keyword, words } = directive;
      if (keyword === "match") inside = [...matches, words.join(" ")];
      else if (keyword === "include") {
        for (const pattern of words) {
          for (const found of files.glob(absolute(pattern))) {
            readFile(found, inside, depth + 1);
          }
        }
      } else lines.push({ ...directive, path: file, matches: inside });
    }
  }
  try {
    readFile(path, [], 0);
    return { lines };
  } catch (error) {
    return {
      lines,
      problem: error instanceof Error ? error.message : String(error),
    };
  }
}

function directivesOf(path: string, { read }: SshdFiles): SshdDirective[] {
  try {
    return parseSshdConfig(read(path));
  } catch (error) {
    throw new Error(
      `"${path}": ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

function absolute(pattern: string): string {
  return /^[/~]/.test(pattern) ? pattern : `/etc/ssh/${pattern}`;
}
