import { parseSshdConfig, type SshdDirective } from "./sshd_config.ts";

/** The files of an sshd; a test has its own. */
export interface SshdFiles {
  /**
   * Finds the files of a pattern, as glob(3) does.
   *
   * @param pattern The pattern, absolute.
   * @returns Their paths, in the order of their bytes.
   * @throws {Error} If they cannot be found out.
   */
  readonly glob: (pattern: string) => readonly string[];
  /**
   * Reads a file.
   *
   * @param path One that `glob` gave, or the configuration itself.
   * @returns Its text.
   * @throws {Error} If it cannot be read.
   */
  readonly read: (path: string) => string;
}

/** A line that sets one of {@linkcode PASSWORD_SETTINGS}. */
export interface SshdSetting {
  /** The keyword, as messages write it. */
  readonly keyword: PasswordSetting;
  /** The value. */
  readonly value: string;
  /** The file. */
  readonly path: string;
  /** The line, from 1. */
  readonly line: number;
  /** The criteria of each `Match` that it is in; none if it counts for everybody. */
  readonly matches: readonly string[];
}

/** What sshd's configuration says of passwords. */
export interface SshdReading {
  /** The lines about passwords, in the order in which sshd reads them. */
  readonly settings: readonly SshdSetting[];
  /** Why the reading ends before its end. */
  readonly problem?: string | undefined;
}

/** Both have to be off: PAM asks for a password by way of keyboard-interactive, too. */
export const PASSWORD_SETTINGS = [
  "PasswordAuthentication",
  "KbdInteractiveAuthentication",
] as const;

/** One of {@linkcode PASSWORD_SETTINGS}. */
export type PasswordSetting = typeof PASSWORD_SETTINGS[number];

/** Keywords, lower-case; the last two are older names that sshd still takes. */
const KEYWORDS: ReadonlyMap<string, PasswordSetting> = new Map([
  ["passwordauthentication", "PasswordAuthentication"],
  ["kbdinteractiveauthentication", "KbdInteractiveAuthentication"],
  ["challengeresponseauthentication", "KbdInteractiveAuthentication"],
  ["skeyauthentication", "KbdInteractiveAuthentication"],
]);

/** How deeply files may include each other (`SERVCONF_MAX_DEPTH`). */
const MAX_DEPTH = 16;

/** How many files are read; sshd knows no limit, but two that include each other twice. */
const MAX_FILES = 256;

/**
 * Reads what sshd's configuration says of passwords, with all that it includes.
 *
 * @param path The configuration.
 * @param files What reads it.
 * @returns The lines about passwords; up to the problem, if there is one.
 */
export function readSshdSettings(path: string, files: SshdFiles): SshdReading {
  const settings: SshdSetting[] = [];
  let count = 0;
  function readFile(file: string, matches: readonly string[], depth: number) {
    if (depth > MAX_DEPTH) {
      throw new Error(`"${file}" is included over ${MAX_DEPTH} deep`);
    }
    if (++count > MAX_FILES) {
      throw new Error(`it includes over ${MAX_FILES} files`);
    }
    // A Match ends with its file, and holds for what is included in it.
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

/** What lets sshd take passwords: a line, or that there is none, as both are on by default. */
export type PasswordsAllowed =
  | { readonly kind: "set"; readonly setting: SshdSetting }
  | { readonly kind: "default"; readonly keyword: PasswordSetting };

/**
 * Finds what lets sshd take passwords, of anybody at all.
 *
 * The first value counts. A value in a `Match` counts before all that is in none, for
 * whom that matches, and the first of several; only of `Match all` is it certain whom.
 *
 * @param settings The lines about passwords, in the order in which sshd reads them.
 * @returns What does; nothing if sshd takes passwords of nobody.
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
    const usual: PasswordsAllowed[] = allIndex !== -1
      ? []
      : first === undefined
      ? [{ kind: "default", keyword }]
      : isOn(first)
      ? [{ kind: "set", setting: first }]
      : [];
    return [
      ...usual,
      ...reached.filter(isOn).map((setting) =>
        ({ kind: "set", setting }) as const
      ),
    ];
  });
}

function isForAll({ matches }: SshdSetting): boolean {
  return matches.every((criteria) => criteria.toLowerCase() === "all");
}

function isOn({ value }: SshdSetting): boolean {
  return value.toLowerCase() !== "no";
}
