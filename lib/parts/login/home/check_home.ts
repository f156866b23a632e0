import { fileProblem } from "../../../files/file_problem.ts";
import { isFuse } from "../../../files/is_fuse.ts";
import type { Account } from "../account/accounts.ts";
import { homesDirOf } from "./homes.ts";
import type { LoginMachine } from "../login_machine.ts";
import { lookAtFolder, trustProblem } from "./look_at.ts";
import { ExitCode, ProvisioningError } from "../../../provisioning_error.ts";
import { wayToHome } from "./way_to_home.ts";

/** The key of a failure that the user can cause through what is in the home. */
export const KEYS_UNSAFE = "authorized_keys_unsafe";

/**
 * Checks the path of a home: only root can replace any folder on the way to it (see
 * {@linkcode wayToHome}), and the home itself is a real folder that belongs to its user or
 * to root. It may be a file system of its own, but not one that its user can have mounted.
 *
 * @returns The home, without a slash at its end.
 * @throws {ProvisioningError} If the home is not below one of `homesDirs`, or cannot be
 * trusted.
 */
export function checkHome(
  { name, uid, home: written }: Pick<Account, "name" | "uid" | "home">,
  machine: Pick<LoginMachine, "homesDirs">,
): string {
  const home = written.replace(/\/+$/, "");
  const base = homesDirOf(home, machine);
  if (base === undefined || base === home) {
    throw unsafe(
      `The home "${written}" of "${name}" is not below ${
        listOf(machine.homesDirs)
      }, where this program may write; put authorized_keys into the image, or give the VM another admin user`,
    );
  }
  const way = wayToHome(home.slice(0, home.lastIndexOf("/")), base);
  if (way.kind === "missing") throw missing(way.path, name);
  if (way.kind === "problem") throw untrusted(way.path, name, way.problem);
  const info = lookAtFolder(home);
  if (info === undefined) throw missing(home, name);
  const problem = typeof info === "string" ? info : trustProblem(info, uid) ??
    (info.isDirectory ? undefined : "it is not a folder") ??
    (info.dev === way.dev ? undefined : mountProblem(home));
  if (problem !== undefined) {
    throw untrusted(home, name, problem, KEYS_UNSAFE);
  }
  return home;
}

/** Says why a home that is a file system of its own cannot be trusted, if so. */
function mountProblem(home: string): string | undefined {
  try {
    // Its user may have mounted it, and would decide what root sees in it.
    return isFuse(home) ? "it is a FUSE file system" : undefined;
  } catch (error) {
    return `cannot tell its file system: ${fileProblem(error)}`;
  }
}

/** An error with the key {@linkcode KEYS_UNSAFE}: a home, or something in it, cannot be trusted. */
export function keysUnsafe(path: string, problem: string): ProvisioningError {
  return unsafe(
    `Cannot trust "${path}" with keys: ${problem}; fix or remove it`,
    KEYS_UNSAFE,
  );
}

function missing(path: string, name: string): ProvisioningError {
  return unsafe(
    `"${path}" on the way to the home of "${name}" does not exist; run "azure-provisioning user" first`,
  );
}

function untrusted(
  path: string,
  name: string,
  problem: string,
  key?: string,
): ProvisioningError {
  return unsafe(
    `Cannot trust "${path}" on the way to the keys of "${name}": ${problem}; fix that in the image`,
    key,
  );
}

function listOf(folders: readonly string[]): string {
  return folders.length < 2
    ? folders.join()
    : `${folders.slice(0, -1).join(", ")} or ${folders.at(-1)}`;
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
