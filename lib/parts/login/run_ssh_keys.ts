import type { Account } from "./account/accounts.ts";
import { findAdmin } from "./account/ensure_user.ts";
import { KEYS_UNSAFE } from "./home/check_home.ts";
import { labelFiles, type LoginMachine, machineOf } from "./login_machine.ts";
import { cleanSshKey } from "./keys/ssh_key.ts";
import { turnOffPasswords } from "./sshd/turn_off_passwords.ts";
import { writeAuthorizedKeys } from "./keys/write_authorized_keys.ts";
import { outsideFileOf, writeKeysOutside } from "./keys/write_keys_outside.ts";
import type { PartContext, PartOutcome } from "../part.ts";
import { ExitCode, ProvisioningError } from "../../provisioning_error.ts";
import { HOMES_DIRS } from "./login_names.ts";

/** Does the work of the part `ssh-keys`. */
export async function runSshKeys(context: PartContext): Promise<PartOutcome> {
  const { instance } = context;
  const { adminUsername: name, publicKeys = [] } = instance;
  if (name === undefined) {
    return { kind: "skipped", why: "the metadata names no admin user" };
  }
  const machine = machineOf(context, HOMES_DIRS);
  const account = await findAdmin(name, machine);
  if (account === undefined) {
    return {
      kind: "skipped",
      why:
        `There is no user "${name}" to give keys to; "azure-provisioning user" creates it`,
    };
  }
  const { lines, problems } = cleanAll(publicKeys);
  const done: string[] = [];
  let refused: string | undefined;
  if (lines.length > 0) {
    try {
      done.push(await giveKeys(account, lines, machine));
    } catch (error) {
      if (context.required || !isUsersFault(error)) throw error;
      refused = error.message;
    }
  }
  if (
    instance.disablePasswordAuthentication === true &&
    await turnOffPasswords(machine)
  ) done.push("passwords are off in sshd");
  if (problems.length > 0) {
    const source = instance.fromMedia?.includes("publicKeys")
      ? "provisioning media"
      : "instance metadata";
    throw new ProvisioningError(
      `Cannot use SSH keys of the ${source}: ${
        problems.join("; ")
      }; give the VM keys in OpenSSH's format`,
      { key: "ssh_key_invalid", exitCode: ExitCode.badData },
    );
  }
  if (refused !== undefined) {
    return { kind: "skipped", why: [refused, ...done].join("; ") };
  }
  return done.length === 0
    ? { kind: "skipped", why: "the metadata has no SSH key" }
    : { kind: "done", what: done.join("; ") };
}

/**
 * Whether the user's own home is the reason why there are no keys. The VM is not reported
 * as failed for that, because any process of that user could cause it.
 */
function isUsersFault(error: unknown): error is ProvisioningError {
  return error instanceof ProvisioningError && error.key === KEYS_UNSAFE;
}

function cleanAll(
  publicKeys: readonly string[],
): { readonly lines: string[]; readonly problems: string[] } {
  const lines: string[] = [];
  const problems: string[] = [];
  for (const [index, keyData] of publicKeys.entries()) {
    const key = cleanSshKey(keyData);
    if (key.ok) lines.push(key.line);
    else problems.push(`key ${index + 1}: ${key.reason}`);
  }
  return { lines, problems };
}

async function giveKeys(
  account: Account,
  lines: readonly string[],
  machine: LoginMachine,
): Promise<string> {
  const { name } = account;
  const outside = outsideFileOf(account, machine);
  const changed = outside === undefined
    ? (await writeAuthorizedKeys(
      account,
      lines,
      machine,
      (paths) => labelFiles(paths, machine),
    )).changed
    : await writeKeysOutside(outside, lines, machine);
  if (!changed) return `SSH keys of "${name}" are already installed`;
  const where = outside === undefined ? "" : `, to "${outside}"`;
  return `SSH keys of "${name}" written: ${lines.length}${where}`;
}
