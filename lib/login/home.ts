import { ExitCode } from "../exit_code.ts";
import { fileProblem } from "../files/write_atomically.ts";
import { ProvisioningError } from "../provisioning_error.ts";
import type { Account } from "./accounts.ts";
import type { LoginMachine } from "./login_machine.ts";
import { inStaging } from "./staging.ts";

/** Where a home may be. */
export type HomesDir = Pick<LoginMachine, "homesDir">;

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
 * Checks the way to a home: its folders are real ones, down from `/home`, and nobody
 * but root, and in the home the user, can put something else in their place.
 *
 * @param account Whose home.
 * @param homes Where it may be.
 * @returns The home, without a slash at its end.
 * @throws {ProvisioningError} If it is elsewhere, or cannot be trusted.
 */
export async function checkHome(
  { name, uid, home: written }: Account,
  { homesDir }: HomesDir,
): Promise<string> {
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
  for (const part of [undefined, ...parts]) {
    if (part !== undefined) path += `/${part}`;
    const info = await lstatIfThere(path);
    if (info === undefined) {
      throw unsafe(
        `"${path}" on the way to the home of "${name}" is not there; run "azure-provisioning user" first`,
      );
    }
    const problem = trustProblem(info, path === home ? uid : 0) ??
      (info.isDirectory ? undefined : "it is no folder");
    if (problem !== undefined) {
      throw unsafe(
        `Cannot trust "${path}" on the way to the keys of "${name}": ${problem}; put it right in the image`,
      );
    }
  }
  return home;
}

/**
 * Makes a home that is not there, or that a run was cut off from making: one that is
 * empty, and that its user cannot enter. Any other is left as it is.
 *
 * @param account Whose home.
 * @param homes Where it may be; one that is elsewhere is left alone, too.
 * @throws {ProvisioningError} If it cannot be made.
 */
export async function mendHome(
  account: Account,
  { homesDir }: HomesDir,
): Promise<void> {
  const { name, uid, gid } = account;
  const home = account.home.replace(/\/+$/, "");
  const parent = home.slice(0, home.lastIndexOf("/"));
  // Deeper ones are somebody's own arrangement.
  if (parent !== homesDir) return;
  try {
    const folder = await Deno.lstat(parent);
    const problem = trustProblem(folder, 0);
    if (problem !== undefined) throw new Error(`"${parent}": ${problem}`);
    const info = await lstatIfThere(home);
    if (info === undefined) {
      await inStaging(parent, async (path) => {
        const made = `${path}/home`;
        await Deno.mkdir(made, { mode: 0o700 });
        await Deno.chown(made, uid, gid);
        await Deno.rename(made, home);
      });
    } else if (await isUnfinished(home, info, uid)) {
      // Nobody but root can put something else there, as the folder above is root's.
      await Deno.chown(home, uid, gid);
      await Deno.chmod(home, 0o700);
    }
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

async function isUnfinished(
  path: string,
  { isDirectory, uid: owner, mode }: Deno.FileInfo,
  uid: number,
): Promise<boolean> {
  if (!isDirectory || (owner !== uid && owner !== 0)) return false;
  const canEnter = ((mode ?? 0) & (owner === uid ? 0o100 : 0o001)) !== 0;
  if (canEnter) return false;
  for await (const _ of Deno.readDir(path)) return false;
  return true;
}

/**
 * Looks at what a path names, and follows no link.
 *
 * @param path The path.
 * @returns What is there, or `undefined`.
 * @throws {Error} If it cannot be looked at.
 */
export async function lstatIfThere(
  path: string,
): Promise<Deno.FileInfo | undefined> {
  try {
    return await Deno.lstat(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

function unsafe(message: string): ProvisioningError {
  return new ProvisioningError(message, {
    key: "admin_home_unsafe",
    exitCode: ExitCode.configuration,
  });
}
