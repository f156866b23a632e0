import { ExitCode } from "../../exit_code.ts";
import { isThere } from "../../files/is_there.ts";
import {
  fileProblem,
  temporaryPathOf,
  writeAtomically,
} from "../../files/write_atomically.ts";
import { ProvisioningError } from "../../provisioning_error.ts";
import { type DataKind, USER_DATA } from "./data_kind.ts";

/** They may hold secrets: only root reads them. */
const MODE = 0o600;

/**
 * The file that holds the VM's user data, or custom data.
 *
 * @param stateDir The state directory.
 * @param kind Which.
 * @returns Its path.
 */
export function userDataPath(stateDir: string, kind = USER_DATA): string {
  return `${stateDir}/${kind.file}`;
}

/**
 * Writes the user data, or custom data, atomically; the program never runs them.
 *
 * @param stateDir The state directory; it is made if it is not there.
 * @param bytes The data.
 * @param kind Which they are.
 * @throws {ProvisioningError} If the file cannot be written.
 */
export function writeUserData(
  stateDir: string,
  bytes: Uint8Array<ArrayBuffer>,
  kind: DataKind = USER_DATA,
): void {
  const path = userDataPath(stateDir, kind);
  try {
    Deno.mkdirSync(stateDir, { recursive: true, mode: 0o755 });
    writeAtomically(path, bytes, { mode: MODE });
  } catch (error) {
    throw new ProvisioningError(
      `Cannot write the ${kind.words} to "${path}": ${
        fileProblem(error)
      }; see that it is no folder, and that the disk can be written and is not full`,
      { key: `${kind.key}_not_written`, exitCode: ExitCode.cannotCreate },
    );
  }
}

/**
 * Removes the user data, or custom data, of an earlier run, which may be another VM's, with what a
 * write or a script that was cut off has left of them.
 *
 * @param stateDir The state directory.
 * @param kind Which.
 * @returns Whether there were any.
 * @throws {ProvisioningError} If they are there and cannot be removed.
 */
export function forgetUserData(
  stateDir: string,
  kind: DataKind = USER_DATA,
): boolean {
  const path = userDataPath(stateDir, kind);
  let found = false;
  const run = `${stateDir}/${kind.runFile}`;
  for (const file of [temporaryPathOf(path), run, path]) {
    // Where nothing is there, nothing need be writable.
    if (!isThere(file)) continue;
    found = true;
    try {
      Deno.removeSync(file);
    } catch (error) {
      throw new ProvisioningError(
        `Cannot remove the ${kind.words} of an earlier run, "${file}": ${
          fileProblem(error)
        }; remove it by hand, as it may be another VM's`,
        { key: `${kind.key}_not_removed`, exitCode: ExitCode.cannotCreate },
      );
    }
  }
  return found;
}
