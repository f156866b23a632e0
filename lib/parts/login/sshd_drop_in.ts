import { fileProblem } from "../../files/file_problem.ts";
import { pathsToWrite, writeAtomically } from "../../files/write_atomically.ts";
import { type LoginMachine, readIfThere } from "./login_machine.ts";
import { ExitCode, ProvisioningError } from "../../provisioning_error.ts";

/** The folder whose files most distributions' sshd_config includes. */
export const SSHD_DROP_IN_FOLDER = "/etc/ssh/sshd_config.d";

/** The name sorts before most others, because sshd uses the first value that it reads. */
export const SSHD_DROP_IN_NAME = "00-azure-provisioning.conf";

/** The paths that are written. */
export const SSHD_PATHS: readonly string[] = pathsToWrite([
  `${SSHD_DROP_IN_FOLDER}/${SSHD_DROP_IN_NAME}`,
]);

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

/**
 * The file that turns passwords on. Keyboard-interactive stays as the image has it, as it
 * may ask for something else.
 */
export const SSHD_WITH_PASSWORDS =
  `# Written by azure-provisioning: the VM was made with a password.
PasswordAuthentication yes
`;

/**
 * Writes the program's own file for sshd, unless it is there already.
 *
 * @param text {@linkcode SSHD_WITHOUT_PASSWORDS} or {@linkcode SSHD_WITH_PASSWORDS}.
 * @throws {ProvisioningError} If it cannot be written.
 */
export function writeSshdDropIn(
  text: string,
  { etcDir }: Pick<LoginMachine, "etcDir">,
): void {
  const path = `${etcDir}/ssh/sshd_config.d/${SSHD_DROP_IN_NAME}`;
  if (readIfThere(path) === text) return;
  try {
    writeAtomically(path, text, { mode: 0o644 });
  } catch (error) {
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
}
