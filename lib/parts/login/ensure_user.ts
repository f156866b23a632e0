import {
  type Account,
  findAccount,
  findGroup,
  isSystemId,
  passwordStateOf,
} from "./accounts.ts";
import { mendHome } from "./home.ts";
import { unlockLeftHome } from "./home_lock.ts";
import {
  isExecutable,
  type LoginMachine,
  readIfThere,
} from "./login_machine.ts";
import { makeUser, NO_PASSWORD } from "./make_user.ts";
import { runAccountProgram } from "./run_account_program.ts";
import { checkUserName } from "./user_name.ts";
import { ExitCode, ProvisioningError } from "../../provisioning_error.ts";
import { shorten } from "../../shorten.ts";

/** What the image wants of its admin user. */
export interface UserSettings {
  /** Groups that the user is to be in. */
  readonly adminGroups: readonly string[];
  /** The login shell of a user that is made. */
  readonly adminShell?: string | undefined;
}

/** What was done about the user; `"cannot"` if the machine has no program that makes one. */
export type UserOutcome = "made" | "adopted" | "cannot";

/** The shells that a user gets where none is configured; the first that is there. */
const SHELLS: readonly string[] = ["/bin/bash", "/bin/sh"];

/**
 * Finds the account of the admin user.
 *
 * @param name The name that the metadata hold.
 * @param machine The machine.
 * @returns The account, or `undefined` if there is none yet.
 * @throws {ProvisioningError} If that cannot be an admin user's name, or is an
 * account of the system.
 */
export function findAdmin(
  name: string,
  { etcDir }: LoginMachine,
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
 * Sees to it that the admin user is there, and can log in with a key.
 *
 * A user that is there already keeps home, shell and password, and gets what is
 * missing: groups, and what a run that was cut off did not come to.
 *
 * @param name The name that the metadata hold.
 * @param settings What the image wants.
 * @param machine The machine.
 * @returns What was done.
 * @throws {ProvisioningError} If the name will not do, or something fails.
 */
export async function ensureUser(
  name: string,
  settings: UserSettings,
  machine: LoginMachine,
): Promise<UserOutcome> {
  const existing = findAdmin(name, machine);
  if (existing === undefined) {
    const shell = await chooseShell(settings.adminShell, machine);
    if (!await makeUser({ name, shell }, machine)) return "cannot";
  }
  const account = existing ?? findAdmin(name, machine);
  if (account === undefined) {
    throw failed(name, "the program for it ended well, and made none");
  }
  await unlock(account, machine);
  await addToGroups(account, settings.adminGroups, machine);
  unlockLeftHome(machine);
  mendHome(account, machine);
  return existing === undefined ? "made" : "adopted";
}

async function chooseShell(
  configured: string | undefined,
  { log }: LoginMachine,
): Promise<string> {
  if (configured !== undefined) {
    if (await isExecutable(configured)) return configured;
    log.warn(
      `The shell "${configured}" that is configured for the admin user is not there: another one is used`,
    );
  }
  for (const shell of SHELLS) if (await isExecutable(shell)) return shell;
  throw new ProvisioningError(
    `Cannot find a shell for the admin user: neither ${
      SHELLS.join(" nor ")
    } is there; configure another one`,
    { key: "admin_shell_absent", exitCode: ExitCode.configuration },
  );
}

/** An account that never had a password loses nothing, and sshd may refuse it while it is locked. */
async function unlock(account: Account, machine: LoginMachine): Promise<void> {
  const { name } = account;
  const state = passwordStateOf(
    account,
    readIfThere(`${machine.etcDir}/shadow`),
  );
  if (state === "locked") {
    machine.log.info(
      `The account "${name}" is locked, and stays so: where sshd works without PAM it lets nobody in with a key`,
    );
  }
  if (state !== "never set") return;
  await runFirst(name, "unlock the account for keys", machine, [
    ["usermod", ["--password", NO_PASSWORD, "--", name]],
    // Of busybox.
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

/** Runs the first of some programs that is installed. */
async function runFirst(
  name: string,
  what: string,
  machine: LoginMachine,
  programs: readonly (readonly [
    name: string,
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
    `The admin user "${name}" is not as it should be: ${reason}; see that /etc can be written`,
    { key: "admin_user_not_made", exitCode: ExitCode.cannotCreate },
  );
}
