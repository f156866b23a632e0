import { findProgram } from "../../../host/find_program.ts";
import type { RunResult } from "../../../host/run_program.ts";
import { ExitCode, ProvisioningError } from "../../../provisioning_error.ts";
import { findGroup, isSystemId } from "./accounts.ts";
import { homesDirForNewUser } from "../home/homes.ts";
import { readFirstIds } from "./login_defs.ts";
import { type LoginMachine, readIfThere } from "../login_machine.ts";
import { makeHomesDir } from "../home/make_homes_dir.ts";
import { lookUpGroups } from "./name_service.ts";
import {
  type AccountProgram,
  runAccountProgram,
} from "./run_account_program.ts";
import { DEFAULT_HOMES_DIR } from "../login_names.ts";

/** A user to create. */
export interface NewUser {
  /** A name that `checkUserName` accepts. */
  readonly name: string;
  /** The login shell. */
  readonly shell: string;
}

/** A password that nothing matches. Unlike `!`, it does not lock the account for an sshd without PAM. */
export const NO_PASSWORD = "*";

/**
 * Creates a user with the program that the machine has for it: shadow's useradd, or
 * busybox's adduser. Debian's adduser, which is a script, is not used.
 *
 * @returns Whether the user was created; `false` if there is no program for it.
 * @throws {ProvisioningError} If the program fails.
 */
export async function makeUser(
  user: NewUser,
  machine: LoginMachine,
): Promise<boolean> {
  if (await findProgram("useradd") !== undefined) {
    await makeWithShadow(user, machine);
    return true;
  }
  if (await isBinary(await findProgram("adduser"))) {
    await makeWithBusybox(user, machine);
    return true;
  }
  return false;
}

/** useradd creates the home as well, with the files of `/etc/skel`. */
async function makeWithShadow(
  { name, shell }: NewUser,
  machine: LoginMachine,
): Promise<void> {
  const homesDir = await makeHomesDir(homesDirForNewUser(machine), machine);
  const argsFor = (group: string | undefined) => [
    "--create-home",
    "--home-dir",
    `${homesDir}/${name}`,
    "--shell",
    shell,
    "--password",
    NO_PASSWORD,
    ...(group === undefined ? [] : ["--gid", group]),
    "--",
    name,
  ];
  const groups = readIfThere(`${machine.etcDir}/group`) ?? "";
  const group = primaryGroupIn(groups, name, machine);
  const result = await runAccountProgram(machine, "useradd", argsFor(group));
  if (result.kind === "ok") return;
  if (group === undefined) {
    // useradd also refuses a name that another source of groups has.
    const others = await lookUpGroups([name], machine);
    const other = primaryGroupIn(`${groups}\n${others}`, name, machine);
    if (other !== undefined) {
      return await runOrFail("useradd", argsFor(other), name, machine);
    }
  }
  throw notCreated(name, reasonOf(result, "useradd"));
}

/**
 * Creates the group first, because adduser would need a `PATH` for that. The home comes
 * later, because adduser sets a mode bit on it that the sandbox refuses.
 */
async function makeWithBusybox(
  { name, shell }: NewUser,
  machine: LoginMachine,
): Promise<void> {
  const homesDir = await makeHomesDir(
    machine.homesDirs[0] ?? DEFAULT_HOMES_DIR,
    machine,
  );
  const groups = readIfThere(`${machine.etcDir}/group`) ?? "";
  const group = primaryGroupIn(groups, name, machine);
  if (group === undefined) {
    await runOrFail("addgroup", ["--", name], name, machine);
  }
  const args = [
    "-D",
    "-H",
    "-h",
    `${homesDir}/${name}`,
    "-g",
    "",
    "-s",
    shell,
    "-G",
    group ?? name,
    "--",
    name,
  ];
  await runOrFail("adduser", args, name, machine);
}

/**
 * The existing group that becomes the user's primary one: a group of that name, which an
 * interrupted run left, or `users` if that name is a system group's, whose rights the
 * user must not get. `undefined` if the user gets a new group.
 */
function primaryGroupIn(
  groups: string,
  name: string,
  machine: Pick<LoginMachine, "etcDir">,
): string | undefined {
  const group = findGroup(groups, name);
  if (group === undefined) return undefined;
  if (!isSystemId(group.gid, readFirstIds(machine).group)) return name;
  if (findGroup(groups, "users") !== undefined) return "users";
  throw notCreated(
    name,
    `the system has a group of that name, and no group "users" to use instead; give the VM another admin user`,
  );
}

async function runOrFail(
  program: AccountProgram,
  args: readonly string[],
  name: string,
  machine: LoginMachine,
): Promise<void> {
  const result = await runAccountProgram(machine, program, args);
  if (result.kind !== "ok") throw notCreated(name, reasonOf(result, program));
}

function reasonOf(
  result: Exclude<RunResult, { readonly kind: "ok" }>,
  program: AccountProgram,
): string {
  const reason = result.kind === "failed"
    ? result.reason
    : `"${program}" is not installed`;
  return `${reason}; check that the program works for root`;
}

function notCreated(name: string, reason: string): ProvisioningError {
  return new ProvisioningError(
    `Cannot create the admin user "${name}": ${reason}`,
    { key: "admin_user_not_made", exitCode: ExitCode.cannotCreate },
  );
}

/** Whether a program is an ELF file, and not a script. */
async function isBinary(path: string | undefined): Promise<boolean> {
  if (path === undefined) return false;
  using file = await Deno.open(path);
  const start = new Uint8Array(4);
  const count = await file.read(start);
  return count === 4 && String.fromCharCode(...start) === "\x7fELF";
}
