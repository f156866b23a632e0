import type { SshdLine } from "./sshd_lines.ts";
import type { SshdUser } from "./sshd_match.ts";
import { possibleLines } from "./sshd_values.ts";
import { KEY_FOLDERS } from "../login_names.ts";

/** Where sshd looks for a user's keys. */
export interface KeyFiles {
  /** Absolute paths, in sshd's order; none for `none`. */
  readonly paths: readonly string[];
  /** The line that says so, if one does. */
  readonly line?: SshdLine | undefined;
}

/** What `AuthorizedKeysFile` is if nothing sets it. */
const DEFAULT_FILES: readonly string[] = [
  ".ssh/authorized_keys",
  ".ssh/authorized_keys2",
];

/**
 * Finds the files in which sshd looks for a user's keys.
 *
 * @returns `undefined` if that cannot be told.
 */
export function keyFilesOf(
  lines: readonly SshdLine[],
  user: SshdUser,
): KeyFiles | undefined {
  const possible = possibleLines(["authorizedkeysfile"], lines, user);
  if (possible.length !== 1) return undefined;
  const [line] = possible;
  const patterns = line?.words ?? DEFAULT_FILES;
  const paths = [];
  for (const pattern of patterns) {
    if (pattern.toLowerCase() === "none") continue;
    const path = expand(pattern, user);
    if (path === undefined) return undefined;
    paths.push(path);
  }
  return { paths, line };
}

/** See `authorized_keys_file2` in OpenSSH's auth.c. */
function expand(
  pattern: string,
  { name, uid, home }: SshdUser,
): string | undefined {
  // sshd expands it to root's home.
  if (pattern.startsWith("~")) return undefined;
  let isKnown = true;
  const path = pattern.replaceAll(/%(.?)/gs, (_, token: string) => {
    if (token === "%") return "%";
    if (token === "h") return home;
    if (token === "u") return name;
    if (token === "U") return String(uid);
    isKnown = false;
    return "";
  });
  if (!isKnown) return undefined;
  const absolute = path.startsWith("/") ? path : `${home}/${path}`;
  return absolute.replaceAll(/\/{2,}/g, "/");
}

/** Whether sshd asks something else than files for keys, or takes certificates. */
export function hasOtherKeys(lines: readonly SshdLine[]): boolean {
  return lines.some(({ keyword, words }) =>
    ["authorizedkeyscommand", "trustedusercakeys"].includes(keyword) &&
    words[0]?.toLowerCase() !== "none"
  );
}

/**
 * Finds the file outside of the home to which keys go: one of {@linkcode KEY_FOLDERS} that
 * has a file for each user.
 *
 * @returns `undefined` if sshd looks in the home as well, or nowhere that may be written.
 */
export function keyFileOutside(
  { paths }: KeyFiles,
  { name, home }: SshdUser,
): string | undefined {
  if (paths.includes(usualKeyFile(home))) return undefined;
  return paths.find((path) =>
    KEY_FOLDERS.some((folder) => path === `${folder}/${name}`)
  );
}

/** The file that keys are written to unless sshd looks elsewhere. */
export function usualKeyFile(home: string): string {
  return `${home.replace(/\/+$/, "")}/.ssh/authorized_keys`;
}
