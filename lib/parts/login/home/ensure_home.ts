import { fileProblem } from "../../../files/file_problem.ts";
import type { Account } from "../account/accounts.ts";
import { homesDirOf } from "./homes.ts";
import { giveHome } from "./give_home.ts";
import { type LoginMachine, readIfThere } from "../login_machine.ts";
import { lookAtFolder } from "./look_at.ts";
import { ExitCode, ProvisioningError } from "../../../provisioning_error.ts";
import { wayToHome } from "./way_to_home.ts";

/** The mode bits that a new home has, and those that sshd would not accept. */
const OWNERS = 0o700;
const WRITABLE_BY_OTHERS = 0o022;

/** Options of {@linkcode ensureHome}. */
export interface EnsureHomeOptions {
  /** Whether this run has created the user. */
  readonly isNew: boolean;
}

/**
 * Creates a home that is missing, or finishes one that an interrupted run began: such a
 * home is empty, and its user cannot enter it. The home of a new user gets a mode with
 * which its user can log in, whatever login.defs(5) says. A home that was left to root is
 * given to its user: see {@linkcode giveHome}. Leaves any other home alone, and homes that
 * are not in a folder of `homesDirs`, or not in one that is there.
 *
 * @returns Whether it was created, finished or given.
 * @throws {ProvisioningError} If it cannot be created.
 */
export function ensureHome(
  account: Account,
  machine: Pick<LoginMachine, "homesDirs" | "etcDir">,
  { isNew }: EnsureHomeOptions,
): boolean {
  const { name, uid, gid } = account;
  const home = account.home.replace(/\/+$/, "");
  const base = homesDirOf(home, machine);
  if (base === undefined || base === home) return false;
  const parent = home.slice(0, home.lastIndexOf("/"));
  try {
    // Only root can replace the home from here on, because the folder above is root's.
    const way = wayToHome(parent, base);
    // Whoever chose a deeper one takes care of it.
    if (way.kind !== "folder" && parent !== base) return false;
    if (way.kind === "missing") throw new Error(`"${parent}" does not exist`);
    if (way.kind === "problem") {
      throw new Error(`"${way.path}": ${way.problem}`);
    }
    const info = lookAtFolder(home);
    if (info === undefined) {
      // Until it is given away it is empty and root's; the next run continues from there.
      Deno.mkdirSync(home, { mode: OWNERS });
    } else if (typeof info === "string" || !isUnfinished(home, info, uid)) {
      if (typeof info === "string") return false;
      if (info.uid === 0) {
        return giveHome(home, account, givingMachine(machine));
      }
      if (isNew) openToOwnerOnly(home, info, uid);
      return false;
    }
    Deno.chownSync(home, uid, gid);
    Deno.chmodSync(home, OWNERS);
    return true;
  } catch (error) {
    throw new ProvisioningError(
      `Cannot create the home "${home}" of "${name}": ${
        fileProblem(error)
      }; check that ${parent} is writable, and by root only`,
      {
        key: "admin_home_not_made",
        exitCode: ExitCode.cannotCreate,
        cause: error,
      },
    );
  }
}

function givingMachine({ etcDir }: Pick<LoginMachine, "etcDir">) {
  return { etcDir, passwd: readIfThere(`${etcDir}/passwd`) ?? "" };
}

/** sshd takes no keys from a home that others may write to, as HOME_MODE or UMASK may have it. */
function openToOwnerOnly(
  home: string,
  { isDirectory, uid: owner, mode }: Deno.FileInfo,
  uid: number,
): void {
  if (!isDirectory || owner !== uid || mode === null) return;
  const wanted = (mode & 0o7777 | OWNERS) & ~WRITABLE_BY_OTHERS;
  if (wanted !== (mode & 0o7777)) Deno.chmodSync(home, wanted);
}

/** Whether a home is empty, and its user cannot enter it. */
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
