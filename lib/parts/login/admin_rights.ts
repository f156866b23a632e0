import { fileProblem } from "../../files/file_problem.ts";
import { pathsToWrite, writeAtomically } from "../../files/write_atomically.ts";
import { findProgram } from "../../host/find_program.ts";
import {
  includesSudoersFolder,
  sudoersRule,
  withDoasRule,
} from "./admin_rules.ts";
import { type LoginMachine, readIfThere, runWithin } from "./login_machine.ts";
import { ExitCode, ProvisioningError } from "../../provisioning_error.ts";

/** The rule's file in `/etc/sudoers.d`; sudo ignores names with a dot. */
const SUDOERS_NAME = "90-azure-provisioning";

/** The program that checks the rule for sudo. */
export const SUDOERS_CHECKER = "visudo";

/** The paths that are written. */
export const ADMIN_RIGHTS_PATHS: readonly string[] = pathsToWrite([
  `/etc/sudoers.d/${SUDOERS_NAME}`,
  "/etc/doas.conf",
]);

/** How the admin user becomes root. */
interface AdminRights {
  /** Whether the user is asked for the password. */
  readonly password: boolean;
}

/**
 * Lets the admin user become root, with sudo, or else with doas.
 *
 * @param name A name that `checkUserName` accepts.
 * @returns The program, or `undefined` if neither is installed.
 * @throws {ProvisioningError} If the rule cannot be written, or sudo does not accept it.
 */
export async function giveAdminRights(
  name: string,
  rights: AdminRights,
  machine: LoginMachine,
): Promise<"sudo" | "doas" | undefined> {
  try {
    if (await findProgram("sudo") !== undefined) {
      await allowSudo(sudoersRule(name, rights), machine);
      return "sudo";
    }
    if (await findProgram("doas") !== undefined) {
      allowDoas(name, rights, machine);
      return "doas";
    }
    return undefined;
  } catch (error) {
    machine.signal?.throwIfAborted();
    throw new ProvisioningError(
      `Cannot let "${name}" become root: ${
        fileProblem(error)
      }; check that /etc is writable, or set admin-sudo to false`,
      {
        key: "admin_rights_not_given",
        exitCode: ExitCode.cannotCreate,
        cause: error,
      },
    );
  }
}

async function allowSudo(rule: string, machine: LoginMachine): Promise<void> {
  const { etcDir, stateDir, log } = machine;
  if (!includesSudoersFolder(readIfThere(`${etcDir}/sudoers`) ?? "")) {
    log.warn(
      `sudo does not read ${etcDir}/sudoers.d: add "@includedir /etc/sudoers.d" to ${etcDir}/sudoers`,
    );
  }
  const path = `${etcDir}/sudoers.d/${SUDOERS_NAME}`;
  if (readIfThere(path) === rule) return;
  // A single rule that sudo cannot read would make it refuse everybody.
  await Deno.mkdir(stateDir, { recursive: true, mode: 0o755 });
  const draft = `${stateDir}/sudoers`;
  writeAtomically(draft, rule, { mode: 0o440 });
  const checked = await runWithin(machine, SUDOERS_CHECKER, [
    "-c",
    "-f",
    draft,
  ]);
  await Deno.remove(draft);
  if (checked.kind === "failed") throw new Error(checked.reason);
  writeAtomically(path, rule, { mode: 0o440 });
}

function allowDoas(
  name: string,
  rights: AdminRights,
  { etcDir }: Pick<LoginMachine, "etcDir">,
): void {
  const path = `${etcDir}/doas.conf`;
  const conf = readIfThere(path);
  const text = withDoasRule(conf ?? "", name, rights);
  if (text === conf) return;
  writeAtomically(path, text, { mode: 0o400, keepOwnerAndMode: true });
}
