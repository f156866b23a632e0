import { isExecutable } from "../../../host/find_program.ts";
import { ExitCode, ProvisioningError } from "../../../provisioning_error.ts";
import { shorten } from "../../../shorten.ts";
import type { PartSettings } from "../../part.ts";
import { type Account, findAccount, passwordStateOf } from "./accounts.ts";
import { addToGroups } from "./add_to_groups.ts";
import { whyNotAdopted } from "./adoption.ts";
import { ensureHome } from "../home/ensure_home.ts";
import { unlockLeftHome } from "../home/home_lock.ts";
import {
  isReadOnly,
  labelFiles,
  type LoginMachine,
  readIfThere,
} from "../login_machine.ts";
import { makeUser, NO_PASSWORD } from "./make_user.ts";
import { lookUpAccount, lookUpShadow } from "./name_service.ts";
import { runFirst } from "../run_first.ts";
import { checkUserName } from "./user_name.ts";

/**
 * What was done about the user; `"cannot"` if the machine has no program that creates one,
 * `"read-only"` if there is none and none can be created.
 */
export type UserOutcome = "created" | "adopted" | "cannot" | "read-only";

/** The shells for a new user if none is configured; the first that exists is used. */
const SHELLS: readonly string[] = ["/bin/bash", "/bin/sh"];

/**
 * Finds the account of the admin user: in `/etc/passwd`, or else where the machine's other
 * sources have it.
 *
 * @param name The name from the metadata.
 * @returns `undefined` if there is none yet.
 * @throws {ProvisioningError} If this cannot be an admin user's name, or is a system
 * account's.
 */
export async function findAdmin(
  name: string,
  machine: LoginMachine,
): Promise<Account | undefined> {
  return findLocal(name, machine) ?? await findElsewhere(name, machine);
}

function findLocal(name: string, machine: LoginMachine): Account | undefined {
  const checked = checkUserName(name);
  if (!checked.ok) throw invalid(name, checked.reason);
  return adoptable(localAccount(name, machine), machine);
}

async function findElsewhere(
  name: string,
  machine: LoginMachine,
): Promise<Account | undefined> {
  return adoptable(await lookUpAccount(name, machine), machine);
}

function localAccount(
  name: string,
  { etcDir }: Pick<LoginMachine, "etcDir">,
): Account | undefined {
  return findAccount(readIfThere(`${etcDir}/passwd`) ?? "", name);
}

function adoptable(
  account: Account | undefined,
  machine: LoginMachine,
): Account | undefined {
  const reason = account && whyNotAdopted(account, machine);
  if (reason !== undefined) throw invalid(account!.name, reason);
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
  const local = findLocal(name, machine);
  const found = local === undefined
    ? await makeOrFind(name, settings.adminShell, machine)
    : { account: local, isNew: false };
  if (typeof found === "string") return found;
  const { account, isNew } = found;
  const isLocal = isNew || local !== undefined;
  await (isLocal ? unlock(account, machine) : warnIfLocked(account, machine));
  await addToGroups(account, settings.adminGroups, machine);
  unlockLeftHome(machine);
  // systemd-homed mounts it at the first login.
  if (isHomed(account)) return "adopted";
  if (ensureHome(account, machine, { isNew }) || isNew) {
    // What is in it may be changed meanwhile by a process of a user who was there before.
    await labelFiles([account.home], machine, { recursive: isNew });
  }
  return isNew ? "created" : "adopted";
}

/**
 * Creates the user. Another source than `/etc/passwd` may have it; then that is adopted.
 */
async function makeOrFind(
  name: string,
  configuredShell: string | undefined,
  machine: LoginMachine,
): Promise<
  { readonly account: Account; readonly isNew: boolean } | UserOutcome
> {
  const shell = await chooseShell(configuredShell, machine);
  try {
    if (!await makeUser({ name, shell }, machine)) {
      const account = await findElsewhere(name, machine);
      return account === undefined ? "cannot" : { account, isNew: false };
    }
  } catch (error) {
    machine.signal?.throwIfAborted();
    const account = await findElsewhere(name, machine);
    if (account !== undefined) return { account, isNew: false };
    if (isReadOnly(machine)) return "read-only";
    throw error;
  }
  // Whatever its id is, it was created to log in.
  const account = localAccount(name, machine);
  if (account === undefined) {
    throw failed(
      name,
      "the program that creates users succeeded, but created none",
    );
  }
  return { account, isNew: true };
}

/** The ids that systemd-homed gives. */
const HOMED_IDS = { first: 60001, last: 60513 } as const;

function isHomed({ uid }: Account): boolean {
  return uid >= HOMED_IDS.first && uid <= HOMED_IDS.last;
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
  if (state === "locked") logLocked(account, machine);
  if (state !== "never set") return;
  const problem = await runFirst(machine, [
    ["usermod", ["--password", NO_PASSWORD, "--", name]],
    // Busybox's.
    ["chpasswd", ["-e"], `${name}:${NO_PASSWORD}\n`],
  ]);
  if (problem === undefined) return;
  if (!isReadOnly(machine)) {
    throw failed(name, `cannot unlock the account for keys: ${problem}`);
  }
  machine.log.warn(
    `The account "${name}" is locked, and an sshd without PAM will not accept its keys: /etc is read-only; unlock it in the image with "usermod -p '*' ${name}"`,
  );
}

/** No program changes an account that `/etc/passwd` lacks. */
async function warnIfLocked(
  account: Account,
  machine: LoginMachine,
): Promise<void> {
  const shadow = await lookUpShadow(account.name, machine);
  if (passwordStateOf(account, shadow || undefined) !== "unlocked") {
    logLocked(account, machine);
  }
}

function logLocked(
  { name }: Account,
  { log }: Pick<LoginMachine, "log">,
): void {
  log.info(
    `The account "${name}" is locked, and stays locked: an sshd without PAM will not accept its keys`,
  );
}

function failed(name: string, reason: string): ProvisioningError {
  return new ProvisioningError(
    `Cannot set up the admin user "${name}": ${reason}; check that /etc is writable`,
    { key: "admin_user_not_made", exitCode: ExitCode.cannotCreate },
  );
}
