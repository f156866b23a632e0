import { fileProblem, writeAtomically } from "../../files/write_atomically.ts";
import {
  findProgram,
  type LoginMachine,
  readIfThere,
  runWithin,
} from "./login_machine.ts";
import { ExitCode, ProvisioningError } from "../../provisioning_error.ts";

/** The rule's file in `/etc/sudoers.d`; sudo passes over names with a dot. */
export const SUDOERS_NAME = "90-azure-provisioning";

/** Ends the line of doas.conf that this program adds, so that it finds it again. */
const MARK = "# Added by azure-provisioning";

/**
 * The rule that lets a user become root by sudo without a password, as the account
 * has none.
 *
 * @param name A name that `checkUserName` takes.
 * @returns The text of a file of sudoers(5).
 */
export function sudoersRule(name: string): string {
  // Without quotes, a name of capitals would be an alias, and ALL everybody.
  return `${MARK}\n"${name}" ALL=(ALL:ALL) NOPASSWD: ALL\n`;
}

/**
 * Whether sudo reads `/etc/sudoers.d`.
 *
 * @param sudoers The text of `/etc/sudoers`.
 * @returns Whether it includes that folder; `#` in front of the word is its older form.
 */
export function includesSudoersFolder(sudoers: string): boolean {
  return /^[ \t]*[@#]includedir[ \t]+"?\/etc\/sudoers\.d\/?"?[ \t]*$/m
    .test(sudoers);
}

/**
 * Adds the rule that lets a user become root by doas without a password.
 *
 * @param conf The text of doas.conf(5).
 * @param name A name that `checkUserName` takes.
 * @returns The new text, or the same one if the rule is there.
 */
export function withDoasRule(conf: string, name: string): string {
  const rule = `permit nopass "${name}" ${MARK}`;
  if (conf.split("\n").includes(rule)) return conf;
  const separator = conf === "" || conf.endsWith("\n") ? "" : "\n";
  return `${conf}${separator}${rule}\n`;
}

/**
 * Lets the admin user become root without a password, by sudo, or else by doas.
 *
 * @param name A name that `checkUserName` takes.
 * @param stateDir A folder that only root writes, where the rule is checked first.
 * @param machine The machine.
 * @returns What does it, or `undefined` if neither is installed.
 * @throws {ProvisioningError} If the rule cannot be written, or sudo does not take it.
 */
export async function giveAdminRights(
  name: string,
  stateDir: string,
  machine: LoginMachine,
): Promise<"sudo" | "doas" | undefined> {
  try {
    if (await findProgram("sudo") !== undefined) {
      await letSudo(name, stateDir, machine);
      return "sudo";
    }
    if (await findProgram("doas") !== undefined) {
      letDoas(name, machine);
      return "doas";
    }
    return undefined;
  } catch (error) {
    machine.signal?.throwIfAborted();
    throw new ProvisioningError(
      `Cannot let "${name}" become root: ${
        fileProblem(error)
      }; see that /etc can be written, or set admin-sudo to false`,
      {
        key: "admin_rights_not_given",
        exitCode: ExitCode.cannotCreate,
        cause: error,
      },
    );
  }
}

async function letSudo(
  name: string,
  stateDir: string,
  machine: LoginMachine,
): Promise<void> {
  const { etcDir, log } = machine;
  if (!includesSudoersFolder(readIfThere(`${etcDir}/sudoers`) ?? "")) {
    log.warn(
      `sudo does not read ${etcDir}/sudoers.d: add "@includedir /etc/sudoers.d" to ${etcDir}/sudoers`,
    );
  }
  const path = `${etcDir}/sudoers.d/${SUDOERS_NAME}`;
  const rule = sudoersRule(name);
  if (readIfThere(path) === rule) return;
  // One rule that it cannot read, and sudo refuses everybody.
  await Deno.mkdir(stateDir, { recursive: true, mode: 0o755 });
  const draft = `${stateDir}/sudoers`;
  writeAtomically(draft, rule, { mode: 0o440 });
  const checked = await runWithin(machine, "visudo", ["-c", "-f", draft]);
  await Deno.remove(draft);
  if (checked.kind === "failed") throw new Error(checked.reason);
  writeAtomically(path, rule, { mode: 0o440 });
}

function letDoas(name: string, { etcDir }: LoginMachine): void {
  const path = `${etcDir}/doas.conf`;
  const conf = readIfThere(path);
  const text = withDoasRule(conf ?? "", name);
  if (text === conf) return;
  writeAtomically(path, text, { mode: 0o400, keepOwnerAndMode: true });
}
