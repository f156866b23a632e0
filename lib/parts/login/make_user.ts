import { findGroup, isSystemId } from "./accounts.ts";
import {
  findProgram,
  type LoginMachine,
  readIfThere,
} from "./login_machine.ts";
import { runAccountProgram } from "./run_account_program.ts";
import { ExitCode, ProvisioningError } from "../../provisioning_error.ts";

/** The user that is to be made. */
export interface NewUser {
  /** A name that `checkUserName` takes. */
  readonly name: string;
  /** The login shell. */
  readonly shell: string;
}

/** A password that nothing matches, and that does not lock the account, as `!` does for sshd without PAM. */
export const NO_PASSWORD = "*";

/**
 * Makes a user, with whichever program the machine has for it: useradd of shadow, or
 * adduser of busybox. Debian's adduser, a script, is none of them.
 *
 * @param user The user.
 * @param machine The machine.
 * @returns Whether it was made; `false` if there is no program for it.
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

/** It makes the home, too, with what is in /etc/skel. */
async function makeWithShadow(
  { name, shell }: NewUser,
  machine: LoginMachine,
): Promise<void> {
  const group = ownGroupOf(name, machine);
  const args = [
    "--create-home",
    "--home-dir",
    `${machine.homesDir}/${name}`,
    "--shell",
    shell,
    "--password",
    NO_PASSWORD,
    ...(group === undefined ? [] : ["--gid", group]),
    "--",
    name,
  ];
  await runOrFail("useradd", args, name, machine);
}

/**
 * Its own way of making the group needs a `PATH`, and its own way of making the home
 * sets a bit on it that the sandbox refuses.
 */
async function makeWithBusybox(
  { name, shell }: NewUser,
  machine: LoginMachine,
): Promise<void> {
  const group = ownGroupOf(name, machine);
  if (group === undefined) {
    await runOrFail("addgroup", ["--", name], name, machine);
  }
  const args = [
    "-D",
    "-H",
    "-h",
    `${machine.homesDir}/${name}`,
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
 * The group that the user has to get, if it is not to be made with it: what is left
 * of a run that was cut off, or `users` where a group of the system has that name. That
 * one would give the user what it is there for.
 */
function ownGroupOf(
  name: string,
  { etcDir }: LoginMachine,
): string | undefined {
  const groups = readIfThere(`${etcDir}/group`) ?? "";
  const group = findGroup(groups, name);
  if (group === undefined) return undefined;
  if (!isSystemId(group.gid)) return name;
  if (findGroup(groups, "users") !== undefined) return "users";
  throw notMade(
    name,
    `the system has a group of that name, and none named "users" to use in its place; give the VM another admin user`,
  );
}

async function runOrFail(
  program: string,
  args: readonly string[],
  name: string,
  machine: LoginMachine,
): Promise<void> {
  const result = await runAccountProgram(machine, program, args);
  if (result.kind === "ok") return;
  const reason = result.kind === "failed"
    ? result.reason
    : `"${program}" is not installed`;
  throw notMade(
    name,
    `${reason}; see that the program works when root runs it`,
  );
}

function notMade(name: string, reason: string): ProvisioningError {
  return new ProvisioningError(
    `Cannot make the admin user "${name}": ${reason}`,
    { key: "admin_user_not_made", exitCode: ExitCode.cannotCreate },
  );
}

/** A script starts with "#!". */
async function isBinary(path: string | undefined): Promise<boolean> {
  if (path === undefined) return false;
  using file = await Deno.open(path);
  const start = new Uint8Array(4);
  const count = await file.read(start);
  return count === 4 && String.fromCharCode(...start) === "\x7fELF";
}
