import { ExitCode } from "../exit_code.ts";
import { isThere } from "../files/is_there.ts";
import {
  fileProblem,
  temporaryPathOf,
  writeAtomically,
} from "../files/write_atomically.ts";
import { ProvisioningError } from "../provisioning_error.ts";

/** They may hold secrets: only root reads them. */
const MODE = 0o600;

/**
 * The file that holds the VM's user data.
 *
 * @param stateDir The state directory.
 * @returns Its path.
 */
export function userDataPath(stateDir: string): string {
  return `${stateDir}/userData`;
}

/**
 * Writes the user data, atomically; the program never runs them.
 *
 * @param stateDir The state directory; it is made if it is not there.
 * @param bytes The user data.
 * @throws {ProvisioningError} If the file cannot be written.
 */
export function writeUserData(
  stateDir: string,
  bytes: Uint8Array<ArrayBuffer>,
): void {
  const path = userDataPath(stateDir);
  try {
    Deno.mkdirSync(stateDir, { recursive: true, mode: 0o755 });
    writeAtomically(path, bytes, { mode: MODE });
  } catch (error) {
    throw new ProvisioningError(
      `Cannot write the user data to "${path}": ${
        fileProblem(error)
      }; see that it is no folder, and that the disk can be written and is not full`,
      { key: "user_data_not_written", exitCode: ExitCode.cannotCreate },
    );
  }
}

/**
 * Removes the user data of an earlier run, which may be another VM's, with what a
 * write that was cut off has left of them.
 *
 * @param stateDir The state directory.
 * @returns Whether there were any.
 * @throws {ProvisioningError} If they are there and cannot be removed.
 */
export function forgetUserData(stateDir: string): boolean {
  const path = userDataPath(stateDir);
  let found = false;
  for (const file of [temporaryPathOf(path), path]) {
    // Where nothing is there, nothing need be writable.
    if (!isThere(file)) continue;
    found = true;
    try {
      Deno.removeSync(file);
    } catch (error) {
      throw new ProvisioningError(
        `Cannot remove the user data of an earlier run, "${file}": ${
          fileProblem(error)
        }; remove it by hand, as it may be another VM's`,
        { key: "user_data_not_removed", exitCode: ExitCode.cannotCreate },
      );
    }
  }
  return found;
}
