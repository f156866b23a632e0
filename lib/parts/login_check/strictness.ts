import { isThere } from "../../files/is_there.ts";
import type { Account } from "../login/account/accounts.ts";
import { offBy } from "../login/sshd/sshd_access.ts";
import type { Sshd } from "./read_sshd.ts";

/** How strict an SSH server is with the way to a file of keys. */
export interface Strictness {
  /** What the file is below, without links; above it, modes do not matter. */
  readonly top: string;
  /** Whether a group that may write is a danger. */
  readonly isSharedGroup: (gid: number, owner: number) => boolean;
  /** What to do about it. */
  readonly remedy: string;
}

/** What decides about {@linkcode Strictness}. */
export interface StrictnessFacts {
  /** The only SSH server; `undefined` if there are several, or none that is known. */
  readonly only: string | undefined;
  /** The machine's sshd, if that is the server and its settings are known. */
  readonly sshd: Sshd | undefined;
  /** The user's home, without links. */
  readonly home: string;
  /** The file of keys, without links. */
  readonly file: string;
  /** The text of `/etc/group`. */
  readonly group: string;
  /** The folder that stands for `/etc`. */
  readonly etcDir: string;
}

const REMEDY = "fix that in the image";

/**
 * Finds how strict the SSH server is: see `safe_path` in OpenSSH's misc.c,
 * `checkpubkeyperms` in dropbear's svr-authpubkey.c, and tinysshd's subprocess_auth.c.
 *
 * @returns `undefined` if it is not strict, or that cannot be told.
 */
export function strictnessOf(
  { name }: Pick<Account, "name">,
  { only, sshd, home, file, group, etcDir }: StrictnessFacts,
): Strictness | undefined {
  const isInHome = file.startsWith(`${home}/`);
  switch (only) {
    case "sshd": {
      if (
        sshd && offBy(["strictmodes"], sshd.lines, sshd.user) !== undefined
      ) return undefined;
      const isDebian = isThere(`${etcDir}/debian_version`);
      return {
        top: isInHome ? home : "/",
        // Debian's sshd forgives a group that nobody else is in.
        isSharedGroup: (gid, owner) =>
          !isDebian || hasOthers(group, gid, owner === 0 ? "root" : name),
        remedy: `${REMEDY}, or set StrictModes to no`,
      };
    }
    case "dropbear":
      // It looks at the home, .ssh and the file, wherever links lead.
      return isInHome
        ? { top: home, isSharedGroup: () => true, remedy: REMEDY }
        : undefined;
    case "tinysshd": {
      const top = /^\/[^/]+/.exec(file)?.[0] ?? file;
      return { top, isSharedGroup: () => true, remedy: REMEDY };
    }
    default:
      return undefined;
  }
}

/** Whether a group has a member beside the one whose file it may write to. */
function hasOthers(text: string, gid: number, owner: string): boolean {
  const line = text.split("\n").find((it) => it.split(":")[2] === String(gid));
  const members = line?.split(":")[3]?.split(",") ?? [owner, ""];
  return members.some((it) => it !== owner && it !== "") || line === undefined;
}
