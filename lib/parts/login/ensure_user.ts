import { isExecutable } from "../../host/find_program.ts";
import { ExitCode, ProvisioningError } from "../../provisioning_error.ts";
import { shorten } from "../../shorten.ts";
import type { PartSettings } from "../part.ts";
import {
  type Account,
  findAccount,
  findGroup,
  isSystemId,
  passwordStateOf,
} from "./accounts.ts";
import { unlockLeftHome } from "./home_lock.ts";
import { type LoginMachine, readIfThere } from "./login_machine.ts";
import { ensureHome } from "./ensure_home.ts";
import { makeUser, NO_PASSWORD } from "./make_user.ts";
import {
  type AccountProgram,
  runAccountProgram,
} from "./run_account_program.ts";
import { checkUserName } from "./user_name.ts";

/** What was done about the user; `"cannot"` if the machine has no program that creates one. */
export type UserOutcome = "created" | "adopted" | "cannot";

/** The shells for a new user if none is configured; the first that exists is used. */
const SHELLS: readonly string[] = ["/bin/bash", "/bin/sh"];

/**
 * Finds the account of the admin user.
 *
 * @param name The name from the metadata.
 * @returns `undefined` if there is none yet.
 * @throws {ProvisioningError} If this cannot be an admin user's name, or is a system
 * account's.
 */
export function findAdmin(
  name: string,
  { etcDir }: Pick<LoginMachine, "etcDir">,
): Account | undefined {
  const checked = checkUserName(name);
  if (!checked.ok) throw invalid(name, checked.reason);
  const account = findAccount(
    readIfThere(`${etcDir}/passwd`) ?? "",
    name,
  );
  if (account !== undefined && isSystemId(account.uid)) {
    throw invalid(name, "the system has an account of that name");
  }
  return account;
}

function invalid(name: string, reason: string): ProvisioningError {
  return new ProvisioningError(
    `"${
      shorten(name)
    }" cannot be the admin user: ${reason}; give the VM another admin user`,
    { key: "admin_user_invalid", exitCode: ExitCode.badData },
  );
}

/**
 * Makes sure that the admin user exists, and can log in with a key.
 *
 * An existing user keeps home, shell and password, and gets what is missing: groups, and
 * whatever an interrupted run did not get to.
 *
 * @param name The name from the metadata.
 * @throws {ProvisioningError} If the name is refused, or something fails.
 */
export async function ensureUser(
  name: string,
  settings: Pick<PartSettings, "adminGroups" | "adminShell">,
  machine: LoginMachine,
): Promise<UserOutcome> {
  const existing = findAdmin(name, machine);
  if (existing === undefined) {
    const shell = await chooseShell(settings.adminShell, machine);
    if (!await makeUser({ name, shell }, machine)) return "cannot";
  }
  const account = existing ?? findAdmin(name, machine);
  if (account === undefined) {
    throw failed(
      name,
      "the program that creates users succeeded, but created none",
    );
  }
  await unlock(account, machine);
  await addToGroups(account, settings.adminGroups, machine);
  unlockLeftHome(machine);
  ensureHome(account, machine);
  return existing === undefined ? "created" : "adopted";
}

async function chooseShell(
  configured: string | undefined,
  { log }: Pick<LoginMachine, "log">,
): Promise<string> {
  if (configured !== undefined) {
    if (await isExecutable(configured)) return configured;
    log.warn(
      `The shell "${configured}", which is configured for the admin user, does not exist; using another one`,
    );
  }
  for (const shell of SHELLS) if (await isExecutable(shell)) return shell;
  throw new ProvisioningError(
    `Cannot find a shell for the admin user: neither ${
      SHELLS.join(" nor ")
    } exists; configure another one`,
    { key: "admin_shell_absent", exitCode: ExitCode.configuration },
  );
}

/**
 * Unlocks an account that never had a password, so nothing is lost: an sshd without PAM
 * refuses locked accounts.
 */
async function unlock(account: Account, machine: LoginMachine): Promise<void> {
  const { name } = account;
  const state = passwordStateOf(
    account,
    readIfThere(`${machine.etcDir}/shadow`),
  );
  if (state === "locked") {
    machine.log.info(
      `The account "${name}" is locked, and stays locked: an sshd without PAM will not accept its keys`,
    );
  }
  if (state !== "never set") return;
  await runFirst(name, "unlock the account for keys", machine, [
    ["usermod", ["--password", NO_PASSWORD, "--", name]],
    // Busybox's.
    ["chpasswd", ["-e"], `${name}:${NO_PASSWORD}\n`],
  ]);
}

async function addToGroups(
  { name, gid }: Account,
  wanted: readonly string[],
  machine: LoginMachine,
): Promise<void> {
  const groups = readIfThere(`${machine.etcDir}/group`) ?? "";
  for (const groupName of new Set(wanted)) {
    const group = findGroup(groups, groupName);
    if (group === undefined) {
      machine.log.debug(
        `There is no group "${groupName}" to put the admin user into`,
      );
      continue;
    }
    if (group.gid === gid || group.members.includes(name)) continue;
    await runFirst(
      name,
      `put the user into the group "${groupName}"`,
      machine,
      [
        ["usermod", ["--append", "--groups", groupName, "--", name]],
        ["addgroup", ["--", name, groupName]],
      ],
    );
  }
}

/** Runs the first of several programs that is installed. */
async function runFirst(
  name: string,
  what: string,
  machine: LoginMachine,
  programs: readonly (readonly [
    name: AccountProgram,
    args: readonly string[],
    input?: string,
  ])[],
): Promise<void> {
  for (const [program, args, input] of programs) {
    const result = await runAccountProgram(machine, program, args, input);
    if (result.kind === "ok") return;
    if (result.kind === "failed") {
      throw failed(name, `cannot ${what}: ${result.reason}`);
    }
  }
  throw failed(
    name,
    `cannot ${what}: neither ${
      programs.map(([program]) => `"${program}"`).join(" nor ")
    } is installed`,
  );
}

function failed(name: string, reason: string): ProvisioningError {
  return new ProvisioningError(
    `Cannot set up the admin user "${name}": ${reason}; check that /etc is writable`,
    { key: "admin_user_not_made", exitCode: ExitCode.cannotCreate },
  );
}
