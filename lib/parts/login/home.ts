import { fileProblem } from "../../files/write_atomically.ts";
import type { Account } from "./accounts.ts";
import type { LoginMachine } from "./login_machine.ts";
import { ExitCode, ProvisioningError } from "../../provisioning_error.ts";

/** Where a home may be. */
export type HomesDir = Pick<LoginMachine, "homesDir">;

/** The key of a failure that the user can bring about by what is in the home. */
export const KEYS_UNSAFE = "authorized_keys_unsafe";

/** The bits with which others than the owner write. */
const WRITABLE_BY_OTHERS = 0o022;

/**
 * Says why a folder or a file cannot be trusted with somebody's keys.
 *
 * @param info What `lstat` tells of it.
 * @param uid The id of the user that it is for.
 * @returns The reason, or `undefined` if it belongs to that user or to root, and nobody else writes it.
 */
export function trustProblem(
  info: Deno.FileInfo,
  uid: number,
): string | undefined {
  if (info.isSymlink) return "it is a symbolic link";
  if (info.uid !== uid && info.uid !== 0) {
    return `it belongs to the user with the id ${info.uid}`;
  }
  if (((info.mode ?? 0) & WRITABLE_BY_OTHERS) !== 0) {
    return "others than its owner may write it";
  }
  return undefined;
}

/**
 * Checks the path of a home: all of its folders are real ones, from `/home` down, and
 * nobody but root can replace any of them. The home itself belongs to its user or root.
 *
 * @param account Whose home.
 * @param homes Where it may be.
 * @returns The home, without a slash at its end.
 * @throws {ProvisioningError} If it is elsewhere, or cannot be trusted.
 */
export function checkHome(
  { name, uid, home: written }: Pick<Account, "name" | "uid" | "home">,
  { homesDir }: HomesDir,
): string {
  const home = written.replace(/\/+$/, "");
  const parts = home.startsWith(`${homesDir}/`)
    ? home.slice(homesDir.length + 1).split("/")
    : [];
  if (
    parts.length === 0 || parts.some((part) => ["", ".", ".."].includes(part))
  ) {
    throw unsafe(
      `The home "${written}" of "${name}" is not below ${homesDir}, where this program may write; write authorized_keys in the image, or give the VM another admin user`,
    );
  }
  let path = homesDir;
  let above: Deno.FileInfo | undefined;
  for (const part of [undefined, ...parts]) {
    if (part !== undefined) path += `/${part}`;
    const info = lookAt(path);
    if (info === undefined) {
      throw unsafe(
        `"${path}" on the way to the home of "${name}" is not there; run "azure-provisioning user" first`,
      );
    }
    const isHome = path === home;
    const problem = typeof info === "string"
      ? info
      : trustProblem(info, isHome ? uid : 0) ??
        (info.isDirectory ? undefined : "it is no folder") ??
        (isHome && info.dev !== above?.dev
          // Its user may have mounted it (FUSE), and so decide what root sees in it.
          ? "it is a file system of its own"
          : undefined);
    if (problem !== undefined) {
      throw unsafe(
        `Cannot trust "${path}" on the way to the keys of "${name}": ${problem}; put it right in the image`,
        isHome ? KEYS_UNSAFE : undefined,
      );
    }
    above = info as Deno.FileInfo;
  }
  return home;
}

/**
 * Looks at what a path names, like {@linkcode lstatIfThere}, where the user may have
 * seen to it that root cannot look, as by a file system of its own (FUSE).
 *
 * @param path The path.
 * @returns What is there, the reason why that cannot be known, or `undefined`.
 */
export function lookAt(path: string): Deno.FileInfo | string | undefined {
  try {
    return lstatIfThere(path);
  } catch (error) {
    return fileProblem(error);
  }
}

/**
 * Makes a home that is not there, or finishes one that an interrupted run has begun: it
 * is empty, and its user cannot enter it. Leaves any other as it is.
 *
 * @param account Whose home.
 * @param homes Where it may be; a home elsewhere is left alone, too.
 * @throws {ProvisioningError} If it cannot be made.
 */
export function mendHome(
  { name, uid, gid, home: written }: Account,
  { homesDir }: HomesDir,
): void {
  const home = written.replace(/\/+$/, "");
  const slash = home.lastIndexOf("/");
  const parent = home.slice(0, slash);
  // Deeper ones are somebody's own arrangement.
  if (parent !== homesDir) return;
  if ([".", ".."].includes(home.slice(slash + 1))) return;
  try {
    const problem = trustProblem(Deno.lstatSync(parent), 0);
    if (problem !== undefined) throw new Error(`"${parent}": ${problem}`);
    // Nobody but root can put something else there, as the folder above is root's.
    const info = lookAt(home);
    if (info === undefined) {
      // It is empty and root's until it is given away; a run that finds it so goes on here.
      Deno.mkdirSync(home, { mode: 0o700 });
    } else if (typeof info === "string" || !isUnfinished(home, info, uid)) {
      return;
    }
    Deno.chownSync(home, uid, gid);
    Deno.chmodSync(home, 0o700);
  } catch (error) {
    throw new ProvisioningError(
      `Cannot make the home "${home}" of "${name}": ${
        fileProblem(error)
      }; see that ${homesDir} can be written`,
      {
        key: "admin_home_not_made",
        exitCode: ExitCode.cannotCreate,
        cause: error,
      },
    );
  }
}

function isUnfinished(
  path: string,
  { isDirectory, uid: owner, mode }: Deno.FileInfo,
  uid: number,
): boolean {
  if (!isDirectory || (owner !== uid && owner !== 0)) return false;
  const canEnter = ((mode ?? 0) & (owner === uid ? 0o100 : 0o001)) !== 0;
  if (canEnter) return false;
  for (const _ of Deno.readDirSync(path)) return false;
  return true;
}

/**
 * Looks at what a path names, and follows no link.
 *
 * @param path The path.
 * @returns What is there, or `undefined`.
 * @throws {Error} If it cannot be looked at.
 */
export function lstatIfThere(path: string): Deno.FileInfo | undefined {
  try {
    return Deno.lstatSync(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

/**
 * Makes the failure that something in a home, or the home, cannot be trusted.
 *
 * @param path What it is.
 * @param problem Why.
 * @returns The failure, with {@linkcode KEYS_UNSAFE} as its key.
 */
export function keysUnsafe(path: string, problem: string): ProvisioningError {
  return unsafe(
    `Cannot trust "${path}" with keys: ${problem}; put it right, or take it away`,
    KEYS_UNSAFE,
  );
}

function unsafe(
  message: string,
  key: string = "admin_home_unsafe",
): ProvisioningError {
  return new ProvisioningError(message, {
    key,
    exitCode: ExitCode.configuration,
  });
}
