import { isFolder } from "../files/is_folder.ts";
import { ExitCode } from "../exit_code.ts";
import { fileProblem, writeAtomically } from "../files/write_atomically.ts";
import { ProvisioningError } from "../provisioning_error.ts";
import { type LoginMachine, readIfThere } from "./login_machine.ts";
import {
  SSHD_DROP_IN_FOLDER,
  SSHD_DROP_IN_NAME,
  SSHD_WITHOUT_PASSWORDS,
  takesDropIns,
} from "./sshd_config.ts";

/**
 * Lets sshd take no passwords from its next start on.
 *
 * @param machine The machine.
 * @returns Whether it is so; otherwise the journal says why, and what to do.
 * @throws {ProvisioningError} If the file for it cannot be written.
 */
export async function turnOffPasswords(
  machine: LoginMachine,
): Promise<boolean> {
  const { etcDir, log } = machine;
  const config = readIfThere(`${etcDir}/ssh/sshd_config`) ??
    // Where /etc is for the administrator alone.
    readIfThere("/usr/etc/ssh/sshd_config");
  if (config === undefined) {
    log.debug("There is no sshd_config to turn passwords off in");
    return false;
  }
  const folder = `${etcDir}/ssh/sshd_config.d`;
  if (!takesDropIns(config) || !isFolder(folder)) {
    log.warn(
      `sshd may take passwords, although the VM was made without: its sshd_config does not include ${SSHD_DROP_IN_FOLDER}/*.conf before all else; set "PasswordAuthentication no" there`,
    );
    return false;
  }
  const path = `${folder}/${SSHD_DROP_IN_NAME}`;
  if (readIfThere(path) === SSHD_WITHOUT_PASSWORDS) return true;
  try {
    writeAtomically(path, SSHD_WITHOUT_PASSWORDS, { mode: 0o644 });
    return true;
  } catch (error) {
    throw new ProvisioningError(
      `Cannot write "${path}": ${
        fileProblem(error)
      }; see that /etc/ssh can be written`,
      {
        key: "passwords_not_turned_off",
        exitCode: ExitCode.cannotCreate,
        cause: error,
      },
    );
  }
}
