import { fileProblem } from "../../files/file_problem.ts";
import type { Account } from "./accounts.ts";
import type { LoginMachine } from "./login_machine.ts";
import { ExitCode, ProvisioningError } from "../../provisioning_error.ts";

/** The key of a failure that the user can cause through what is in the home. */
export const KEYS_UNSAFE = "authorized_keys_unsafe";

/** The mode bits that let the group and others write. */
const WRITABLE_BY_OTHERS = 0o022;

/**
 * Checks the path of a home: every component, from `/home` down, is a real folder that
 * only root can replace, and the home itself belongs to its user or to root.
 *
 * @returns The home, without a slash at its end.
 * @throws {ProvisioningError} If the home is not below `homesDir`, or cannot be trusted.
 */
export function checkHome(
  { name, uid, home: written }: Pick<Account, "name" | "uid" | "home">,
  { homesDir }: Pick<LoginMachine, "homesDir">,
): string {
  const home = written.replace(/\/+$/, "");
  const parts = home.startsWith(`${homesDir}/`)
    ? home.slice(homesDir.length + 1).split("/")
    : [];
  if (
    parts.length === 0 || parts.some((part) => ["", ".", ".."].includes(part))
  ) {
    throw unsafe(
      `The home "${written}" of "${name}" is not below ${homesDir}, where this program may write; put authorized_keys into the image, or give the VM another admin user`,
    );
  }
  let path = homesDir;
  let above: Deno.FileInfo | undefined;
  for (const part of [undefined, ...parts]) {
    if (part !== undefined) path += `/${part}`;
    const info = lookAt(path);
    if (info === undefined) {
      throw unsafe(
        `"${path}" on the way to the home of "${name}" does not exist; run "azure-provisioning user" first`,
      );
    }
    const isHome = path === home;
    const problem = typeof info === "string"
      ? info
      : trustProblem(info, isHome ? uid : 0) ??
        (info.isDirectory ? undefined : "it is not a folder") ??
        (isHome && info.dev !== above?.dev
          // Its user may have mounted it (FUSE), and would decide what root sees in it.
          ? "it is a file system of its own"
          : undefined);
    if (problem !== undefined) {
      throw unsafe(
        `Cannot trust "${path}" on the way to the keys of "${name}": ${problem}; fix that in the image`,
        isHome ? KEYS_UNSAFE : undefined,
      );
    }
    above = info as Deno.FileInfo;
  }
  return home;
}

/**
 * Says why a folder or a file cannot be trusted with a user's keys.
 *
 * @param info The result of `lstat`.
 * @param uid The user's id.
 * @returns `undefined` if it belongs to that user or to root, and nobody else may write to it.
 */
export function trustProblem(
  info: Pick<Deno.FileInfo, "isSymlink" | "uid" | "mode">,
  uid: number,
): string | undefined {
  if (info.isSymlink) return "it is a symbolic link";
  if (info.uid !== uid && info.uid !== 0) {
    return `it belongs to user ${info.uid}`;
  }
  if (((info.mode ?? 0) & WRITABLE_BY_OTHERS) !== 0) {
    return "others than its owner may write to it";
  }
  return undefined;
}

/**
 * Looks at a path without following a link.
 *
 * @returns `undefined` if nothing is there.
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
 * Like {@linkcode lstatIfThere}, for paths at which the user may keep root from looking,
 * for example through a file system of its own (FUSE).
 *
 * @returns The reason if root cannot look; `undefined` if nothing is there.
 */
export function lookAt(path: string): Deno.FileInfo | string | undefined {
  try {
    return lstatIfThere(path);
  } catch (error) {
    return fileProblem(error);
  }
}

/** An error with the key {@linkcode KEYS_UNSAFE}: a home, or something in it, cannot be trusted. */
export function keysUnsafe(path: string, problem: string): ProvisioningError {
  return unsafe(
    `Cannot trust "${path}" with keys: ${problem}; fix or remove it`,
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
