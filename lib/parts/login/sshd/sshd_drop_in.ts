import { fileProblem, isReadOnlyError } from "../../../files/file_problem.ts";
import { writeAtomically } from "../../../files/write_atomically.ts";
import { isFolder } from "../../../files/is_there.ts";
import {
  labelFiles,
  type LoginMachine,
  type ProgramMachine,
  readIfThere,
} from "../login_machine.ts";
import { makeFolder } from "../make_folder.ts";
import { reloadSshd } from "./reload_sshd.ts";
import { ExitCode, ProvisioningError } from "../../../provisioning_error.ts";
import { SSHD_DROP_IN_NAME } from "../login_names.ts";

/**
 * The file that turns passwords off. PAM asks for them through keyboard-interactive as
 * well, whose name in sshd before 8.7 was the older one.
 */
export const SSHD_WITHOUT_PASSWORDS =
  `# Written by azure-provisioning: the VM was made with password authentication off.
PasswordAuthentication no
KbdInteractiveAuthentication no
ChallengeResponseAuthentication no
`;

/** The part of a machine that {@linkcode writeSshdDropIn} needs. */
export type SshdMachine =
  & ProgramMachine
  & Pick<LoginMachine, "etcDir" | "log">;

/**
 * The file that turns passwords on. Keyboard-interactive stays as the image has it, as it
 * may ask for something else.
 */
export const SSHD_WITH_PASSWORDS =
  `# Written by azure-provisioning: the VM was made with a password.
PasswordAuthentication yes
`;

/**
 * Writes the program's own file for sshd, unless it is there already. Creates its folder
 * if that is missing, and has an sshd that runs already read it.
 *
 * @param text {@linkcode SSHD_WITHOUT_PASSWORDS} or {@linkcode SSHD_WITH_PASSWORDS}.
 * @returns Why it cannot, if `/etc` is read-only.
 * @throws {ProvisioningError} If it cannot be written for another reason.
 */
export async function writeSshdDropIn(
  text: string,
  machine: SshdMachine,
): Promise<string | undefined> {
  const { etcDir } = machine;
  const path = `${etcDir}/ssh/sshd_config.d/${SSHD_DROP_IN_NAME}`;
  if (readIfThere(path) === text) return undefined;
  try {
    for (const folder of ["ssh", "ssh/sshd_config.d"]) {
      if (isFolder(`${etcDir}/${folder}`)) continue;
      await makeFolder(`${etcDir}/${folder}`, "0755", machine);
    }
    writeAtomically(path, text, { mode: 0o644 });
  } catch (error) {
    machine.signal?.throwIfAborted();
    if (isReadOnlyError(error)) {
      return `cannot write "${path}": ${fileProblem(error)}`;
    }
    throw new ProvisioningError(
      `Cannot write "${path}": ${
        fileProblem(error)
      }; check that /etc/ssh is writable`,
      {
        key: text === SSHD_WITHOUT_PASSWORDS
          ? "passwords_not_turned_off"
          : "passwords_not_turned_on",
        exitCode: ExitCode.cannotCreate,
        cause: error,
      },
    );
  }
  await labelFiles([path], machine);
  await reloadSshd(machine);
  return undefined;
}
