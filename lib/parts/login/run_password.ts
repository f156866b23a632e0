import type { PartContext, PartOutcome } from "../part.ts";
import { ExitCode, ProvisioningError } from "../../provisioning_error.ts";
import { type Account, passwordFieldOf } from "./account/accounts.ts";
import { passwordProblem } from "./password/check_password.ts";
import { findAdmin } from "./account/ensure_user.ts";
import { type LoginMachine, machineOf, readIfThere } from "./login_machine.ts";
import { isPasswordMarked, markPasswordSet } from "./password/password_mark.ts";
import { setPassword } from "./password/set_password.ts";
import { turnOnPasswords } from "./sshd/turn_on_passwords.ts";
import { needsPassword } from "./password_part.ts";
import { HOMES_DIRS, PASSWORD_PROGRAM } from "./login_names.ts";

/** Does the work of the part `password`. */
export async function runPassword(context: PartContext): Promise<PartOutcome> {
  const { adminUsername: name, publicKeys } = context.instance;
  if (name === undefined) {
    return { kind: "skipped", why: "the metadata names no admin user" };
  }
  const machine = machineOf(context, HOMES_DIRS);
  const account = await findAdmin(name, machine);
  if (account === undefined) {
    return {
      kind: "skipped",
      why: `There is no user "${name}" to give a password to`,
    };
  }
  try {
    return await givePassword(account, context, machine);
  } catch (error) {
    // With a key, its owner can log in, and says so if that is not enough.
    if (
      context.required || publicKeys === undefined ||
      !(error instanceof ProvisioningError)
    ) throw error;
    return { kind: "warned", warning: error.message, what: error.message };
  }
}

async function givePassword(
  account: Account,
  context: PartContext,
  machine: LoginMachine,
): Promise<PartOutcome> {
  const { name } = account;
  const { adminPassword, disablePasswordAuthentication } = context.instance;
  const done = [];
  if (adminPassword === undefined || isPasswordMarked(context)) {
    if (hasPassword(account, machine)) done.push(`"${name}" has a password`);
  }
  if (done.length === 0) {
    if (adminPassword === undefined) throw absent(name, context.instance);
    const problem = passwordProblem(adminPassword.reveal());
    if (problem !== undefined) throw invalid(name, problem);
    const result = await setPassword(account, adminPassword, machine);
    if (result.kind === "absent") {
      throw notSet(name, `"${PASSWORD_PROGRAM}" is not installed`);
    }
    if (result.kind === "failed") throw notSet(name, result.reason);
    markPasswordSet(context);
    done.push(`password of "${name}" set`);
  }
  if (
    disablePasswordAuthentication !== true &&
    await turnOnPasswords(name, machine)
  ) done.push("passwords are on in sshd");
  return { kind: "done", what: done.join("; ") };
}

function hasPassword(
  account: Account,
  { etcDir }: Pick<LoginMachine, "etcDir">,
): boolean {
  const field = passwordFieldOf(account, readIfThere(`${etcDir}/shadow`));
  return field !== undefined && /^!{0,2}[^!*]/.test(field);
}

function absent(
  name: string,
  instance: PartContext["instance"],
): ProvisioningError {
  const reason = needsPassword(instance)
    ? "the VM was created with a password and without keys, but the provisioning media gave none; give the VM a key, or see in the log what is wrong with the media"
    : 'the part "password" is required, but the provisioning media gave none; create the VM with a password, or stop requiring it';
  return new ProvisioningError(
    `Cannot set the password of the admin user "${name}": ${reason}`,
    { key: "password_absent", exitCode: ExitCode.badData },
  );
}

function invalid(name: string, problem: string): ProvisioningError {
  return new ProvisioningError(
    `Cannot set the password of the admin user "${name}": ${problem}; give the VM another password, or a key`,
    { key: "password_invalid", exitCode: ExitCode.badData },
  );
}

function notSet(name: string, reason: string): ProvisioningError {
  return new ProvisioningError(
    `Cannot set the password of the admin user "${name}": ${reason}; fix that in the image, or give the VM a key`,
    { key: "password_not_set", exitCode: ExitCode.cannotCreate },
  );
}
