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

/** A line that sets one of {@linkcode PASSWORD_SETTINGS}. */
export interface SshdSetting {
  /** The keyword, as messages spell it. */
  readonly keyword: PasswordSetting;
  /** The value. */
  readonly value: string;
  /** The file. */
  readonly path: string;
  /** The line number, from 1. */
  readonly line: number;
  /** The criteria of each `Match` around it; empty if it applies to everybody. */
  readonly matches: readonly string[];
}

/** What sshd's configuration says about passwords. */
export interface SshdReading {
  /** The lines about passwords, in the order in which sshd reads them. */
  readonly settings: readonly SshdSetting[];
  /** Why not everything could be read, if so. */
  readonly problem?: string | undefined;
}

/** Both have to be off, because PAM asks for passwords through keyboard-interactive as well. */
export const PASSWORD_SETTINGS = [
  "PasswordAuthentication",
  "KbdInteractiveAuthentication",
] as const;

/** One of {@linkcode PASSWORD_SETTINGS}. */
export type PasswordSetting = typeof PASSWORD_SETTINGS[number];

/** Keywords in lower case; the last two are older names that sshd still accepts. */
const KEYWORDS: ReadonlyMap<string, PasswordSetting> = new Map([
  ["passwordauthentication", "PasswordAuthentication"],
  ["kbdinteractiveauthentication", "KbdInteractiveAuthentication"],
  ["challengeresponseauthentication", "KbdInteractiveAuthentication"],
  ["skeyauthentication", "KbdInteractiveAuthentication"],
]);

/** How deep includes may be nested (`SERVCONF_MAX_DEPTH`). */
const MAX_DEPTH = 16;

/** How many files are read. sshd has no limit, but files that include each other twice grow exponentially. */
const MAX_FILES = 256;

/**
 * Reads what sshd's configuration, with everything that it includes, says about passwords.
 *
 * @param path The main configuration.
 */
export function readSshdSettings(path: string, files: SshdFiles): SshdReading {
  const settings: SshdSetting[] = [];
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
      const { keyword, words, line } = directive;
      if (keyword === "match") inside = [...matches, words.join(" ")];
      if (keyword === "include") {
        for (const pattern of words) {
          for (const found of files.glob(absolute(pattern))) {
            readFile(found, inside, depth + 1);
          }
        }
      }
      const name = KEYWORDS.get(keyword);
      if (name === undefined) continue;
      const value = words[0] ?? "";
      settings.push({
        keyword: name,
        value,
        path: file,
        line,
        matches: inside,
      });
    }
  }
  try {
    readFile(path, [], 0);
    return { settings };
  } catch (error) {
    return {
      settings,
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

/** Why sshd accepts passwords: a line allows them, or none forbids them, as both are on by default. */
export type PasswordsAllowed =
  | { readonly kind: "set"; readonly setting: SshdSetting }
  | { readonly kind: "default"; readonly keyword: PasswordSetting };

/**
 * Finds why sshd accepts passwords, from anybody at all.
 *
 * The first value wins. For those whom a `Match` matches, the first value in one wins
 * over all values outside; only for `Match all` is it known who that is.
 *
 * @param settings The lines about passwords, in the order in which sshd reads them.
 * @returns The reasons; none if sshd accepts passwords from nobody.
 */
export function passwordsAllowed(
  settings: readonly SshdSetting[],
): PasswordsAllowed[] {
  return PASSWORD_SETTINGS.flatMap((keyword): PasswordsAllowed[] => {
    const own = settings.filter((setting) => setting.keyword === keyword);
    const matched = own.filter(({ matches }) => matches.length > 0);
    const allIndex = matched.findIndex(isForAll);
    const reached = allIndex === -1 ? matched : matched.slice(0, allIndex + 1);
    const first = own.find(({ matches }) => matches.length === 0);
    const byDefault: PasswordsAllowed[] = allIndex !== -1
      ? []
      : first === undefined
      ? [{ kind: "default", keyword }]
      : isOn(first)
      ? [{ kind: "set", setting: first }]
      : [];
    return [
      ...byDefault,
      ...reached.filter(isOn).map((setting) =>
        ({ kind: "set", setting }) as const
      ),
    ];
  });
}

/** Whether a setting applies to everybody. */
export function isForAll({ matches }: SshdSetting): boolean {
  return matches.every((criteria) => criteria.toLowerCase() === "all");
}

function isOn({ value }: SshdSetting): boolean {
  return value.toLowerCase() !== "no";
}
