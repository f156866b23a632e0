import { fileProblem } from "../../files/file_problem.ts";
import { isThere } from "../../files/is_there.ts";
import {
  temporaryPathOf,
  writeAtomically,
} from "../../files/write_atomically.ts";
import type { Log } from "../../log/create_log.ts";
import type { DataKind } from "./data_kind.ts";
import {
  ExitCode,
  messageOf,
  ProvisioningError,
} from "../../provisioning_error.ts";

/** Only root may read the data, because it may contain secrets. */
const MODE = 0o600;

/** The path of the file that holds a VM's user data or custom data. */
export function userDataPath(stateDir: string, kind: DataKind): string {
  return `${stateDir}/${kind.file}`;
}

/**
 * Writes user data or custom data atomically, for root only.
 *
 * @param stateDir The state directory; it is created if it is missing.
 * @throws {ProvisioningError} If the file cannot be written.
 */
export function writeUserData(
  stateDir: string,
  bytes: Uint8Array<ArrayBuffer>,
  kind: DataKind,
): void {
  const path = userDataPath(stateDir, kind);
  try {
    Deno.mkdirSync(stateDir, { recursive: true, mode: 0o755 });
    writeAtomically(path, bytes, { mode: MODE });
  } catch (error) {
    throw new ProvisioningError(
      `Cannot write the ${kind.words} to "${path}": ${
        fileProblem(error)
      }; check that it is not a folder, and that the disk is writable and not full`,
      { key: `${kind.key}_not_written`, exitCode: ExitCode.cannotCreate },
    );
  }
}

/**
 * Removes the user data or custom data of an earlier run, which may be another VM's,
 * and whatever an interrupted write or script left of it.
 *
 * @returns Whether there was any.
 * @throws {ProvisioningError} If there is some and it cannot be removed.
 */
export function forgetUserData(stateDir: string, kind: DataKind): boolean {
  const path = userDataPath(stateDir, kind);
  let found = false;
  for (
    const file of [temporaryPathOf(path), `${stateDir}/${kind.runFile}`, path]
  ) {
    // If there is nothing to remove, a read-only file system is no failure.
    if (!isThere(file)) continue;
    found = true;
    try {
      Deno.removeSync(file);
    } catch (error) {
      throw new ProvisioningError(
        `Cannot remove the ${kind.words} of an earlier run, "${file}": ${
          fileProblem(error)
        }; remove it by hand, because it may be another VM's`,
        { key: `${kind.key}_not_removed`, exitCode: ExitCode.cannotCreate },
      );
    }
  }
  return found;
}

/**
 * Removes what an earlier run kept, as {@linkcode forgetUserData} does. Logs a warning if
 * that fails.
 */
export function forgetLeftData(
  kind: DataKind,
  { stateDir, log }: { readonly stateDir: string; readonly log: Log },
): void {
  try {
    if (!forgetUserData(stateDir, kind)) return;
    log.debug(`Removed the ${kind.words} of an earlier run`);
  } catch (error) {
    log.warn(messageOf(error));
  }
}
