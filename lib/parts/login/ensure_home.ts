import { fileProblem } from "../../files/file_problem.ts";
import type { Account } from "./accounts.ts";
import { lookAt, trustProblem } from "./check_home.ts";
import type { LoginMachine } from "./login_machine.ts";
import { ExitCode, ProvisioningError } from "../../provisioning_error.ts";

/**
 * Creates a home that is missing, or finishes one that an interrupted run began: such a
 * home is empty, and its user cannot enter it. Leaves any other home alone, and homes
 * that are not directly in `homesDir`.
 *
 * @throws {ProvisioningError} If it cannot be created.
 */
export function ensureHome(
  { name, uid, gid, home: written }: Account,
  { homesDir }: Pick<LoginMachine, "homesDir">,
): void {
  const home = written.replace(/\/+$/, "");
  const slash = home.lastIndexOf("/");
  const parent = home.slice(0, slash);
  // Whoever chose a deeper one takes care of it.
  if (parent !== homesDir) return;
  if ([".", ".."].includes(home.slice(slash + 1))) return;
  try {
    const problem = trustProblem(Deno.lstatSync(parent), 0);
    if (problem !== undefined) throw new Error(`"${parent}": ${problem}`);
    // Only root can replace it from here on, because the folder above is root's.
    const info = lookAt(home);
    if (info === undefined) {
      // Until it is given away it is empty and root's; the next run continues from there.
      Deno.mkdirSync(home, { mode: 0o700 });
    } else if (typeof info === "string" || !isUnfinished(home, info, uid)) {
      return;
    }
    Deno.chownSync(home, uid, gid);
    Deno.chmodSync(home, 0o700);
  } catch (error) {
    throw new ProvisioningError(
      `Cannot create the home "${home}" of "${name}": ${
        fileProblem(error)
      }; check that ${homesDir} is writable, and by root only`,
      {
        key: "admin_home_not_made",
        exitCode: ExitCode.cannotCreate,
        cause: error,
      },
    );
  }
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
