import { ExitCode } from "../exit_code.ts";
import { fileProblem, writeAtomically } from "../files/write_atomically.ts";
import { ProvisioningError } from "../provisioning_error.ts";
import {
  includesSudoersFolder,
  SUDOERS_NAME,
  sudoersRule,
  withDoasRule,
} from "../parts/login/admin_rights.ts";
import {
  findProgram,
  type LoginMachine,
  readIfThere,
  runWithin,
} from "../parts/login/login_machine.ts";

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
