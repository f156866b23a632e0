import { fileProblem } from "../../../files/file_problem.ts";
import { writeAtomically } from "../../../files/write_atomically.ts";
import { findProgram } from "../../../host/find_program.ts";
import {
  includesSudoersFolder,
  sudoersRule,
  withDoasRule,
} from "./admin_rules.ts";
import { isFolder } from "../../../files/is_there.ts";
import {
  isReadOnly,
  labelFiles,
  type LoginMachine,
  readIfThere,
  runWithin,
  vendorFolderOf,
} from "../login_machine.ts";
import { makeFolder } from "../make_folder.ts";
import { ExitCode, ProvisioningError } from "../../../provisioning_error.ts";
import { SUDOERS_CHECKER, SUDOERS_NAME } from "../login_names.ts";

/** How the admin user becomes root. */
interface AdminRights {
  /** Whether the user is asked for the password. */
  readonly password: boolean;
}

/** What came of {@linkcode giveAdminRights}. */
export interface AdminRightsResult {
  /** The program that the rule is for; absent if neither is installed. */
  readonly by?: "sudo" | "doas";
  /** Why the user cannot become root, with a remedy, if so. */
  readonly problem?: string;
}

/**
 * Lets the admin user become root, with sudo, or else with doas.
 *
 * @param name A name that `checkUserName` accepts.
 * @throws {ProvisioningError} If the rule cannot be written for another reason than that
 * `/etc` is read-only, or sudo does not accept it.
 */
export async function giveAdminRights(
  name: string,
  rights: AdminRights,
  machine: LoginMachine,
): Promise<AdminRightsResult> {
  try {
    if (await findProgram("sudo") !== undefined) {
      const problem = await allowSudo(sudoersRule(name, rights), machine);
      return problem === undefined ? { by: "sudo" } : { by: "sudo", problem };
    }
    if (await findProgram("doas") !== undefined) {
      await allowDoas(name, rights, machine);
      return { by: "doas" };
    }
    return {
      problem: "neither sudo nor doas is installed; install one in the image",
    };
  } catch (error) {
    machine.signal?.throwIfAborted();
    if (isReadOnly(machine)) {
      return { problem: "/etc is read-only; write the rule in the image" };
    }
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

/** Returns why sudo will not read the rule, if so. */
async function allowSudo(
  rule: string,
  machine: LoginMachine,
): Promise<string | undefined> {
  const { etcDir, stateDir } = machine;
  const problem = whyNotRead(etcDir);
  const folder = `${etcDir}/sudoers.d`;
  if (!isFolder(folder)) {
    if (problem !== undefined) return problem;
    await makeFolder(folder, "0750", machine);
  }
  const path = `${folder}/${SUDOERS_NAME}`;
  if (readIfThere(path) === rule) return problem;
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
  await labelFiles([path], machine);
  return problem;
}

/** sudo reads the vendor's file if the administrator has none. */
function whyNotRead(etcDir: string): string | undefined {
  const paths = [etcDir, vendorFolderOf(etcDir)].map((folder) =>
    `${folder}/sudoers`
  );
  for (const path of paths) {
    const text = readIfThere(path);
    if (text === undefined) continue;
    return includesSudoersFolder(text)
      ? undefined
      : `sudo does not read ${etcDir}/sudoers.d; add "@includedir /etc/sudoers.d" to ${path} in the image`;
  }
  return `sudo has no ${etcDir}/sudoers; install sudo anew in the image`;
}

async function allowDoas(
  name: string,
  rights: AdminRights,
  machine: LoginMachine,
): Promise<void> {
  const path = `${machine.etcDir}/doas.conf`;
  const conf = readIfThere(path);
  const text = withDoasRule(conf ?? "", name, rights);
  if (text === conf) return;
  writeAtomically(path, text, { mode: 0o400, keepOwnerAndMode: true });
  await labelFiles([path], machine);
}
