import { readSshdLines, type SshdFiles } from "./sshd_lines.ts";

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

/**
 * Reads what sshd's configuration, with everything that it includes, says about passwords.
 *
 * @param path The main configuration.
 */
export function readSshdSettings(path: string, files: SshdFiles): SshdReading {
  const { lines, problem } = readSshdLines(path, files);
  const settings = lines.flatMap((found): SshdSetting[] => {
    const keyword = KEYWORDS.get(found.keyword);
    if (keyword === undefined) return [];
    const { words, line, matches } = found;
    return [{
      keyword,
      value: words[0] ?? "",
      path: found.path,
      line,
      matches,
    }];
  });
  return problem === undefined ? { settings } : { settings, problem };
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
