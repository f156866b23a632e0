import { isThere } from "../../files/is_there.ts";
import {
  fileProblem,
  temporaryPathOf,
  writeAtomically,
} from "../../files/write_atomically.ts";
import type { Log } from "../../log/create_log.ts";
import { type DataKind, USER_DATA } from "./data_kind.ts";
import {
  ExitCode,
  messageOf,
  ProvisioningError,
} from "../../provisioning_error.ts";

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

/**
 * Removes what an earlier run kept, as {@linkcode forgetUserData} does; failure is a
 * warning.
 *
 * @param kind Which data.
 * @param machine The state directory, and the journal.
 */
export function forgetLeftData(
  kind: DataKind,
  { stateDir, log }: { readonly stateDir: string; readonly log: Log },
): void {
  try {
    if (!forgetUserData(stateDir, kind)) return;
    log.debug(`The ${kind.words} of an earlier run is removed`);
  } catch (error) {
    log.warn(messageOf(error));
  }
}

/**
 * The largest user data or custom data that are taken, in bytes; Azure takes no more
 * than 64 KiB either.
 */
export const MAX_USER_DATA_BYTES = 64 * 1024;

/** As many characters of base64 as that can have, without blanks. */
const MAX_BASE64_LENGTH = Math.ceil(MAX_USER_DATA_BYTES / 3) * 4;

/**
 * Decodes user data, as the metadata have them (`compute.userData`), or custom data, as
 * the provisioning media do (`CustomData`).
 *
 * They are anybody's bytes, and often secret: no error quotes them.
 *
 * @param base64 The data in base64; blanks and line ends in it do no harm.
 * @param kind Which they are.
 * @returns The bytes.
 * @throws {ProvisioningError} With the key `user_data_invalid` or `custom_data_invalid`
 * if it is not base64, and `user_data_too_large` or `custom_data_too_large` if the bytes
 * are over 64 KiB.
 */
export function decodeUserData(
  base64: string,
  kind: DataKind = USER_DATA,
): Uint8Array<ArrayBuffer> {
  const text = base64.replace(/[\t\n\f\r ]+/g, "");
  if (text.length > MAX_BASE64_LENGTH) throw tooLarge(kind);
  let bytes: Uint8Array<ArrayBuffer>;
  try {
    bytes = Uint8Array.fromBase64(text);
  } catch {
    // What it says may quote the data.
    throw new ProvisioningError(
      `The ${kind.words} ${kind.place} are not base64; give the VM ${kind.words} that are, or none`,
      { key: `${kind.key}_invalid`, exitCode: ExitCode.badData },
    );
  }
  if (bytes.length > MAX_USER_DATA_BYTES) throw tooLarge(kind);
  return bytes;
}

function tooLarge({ words, place, key }: DataKind): ProvisioningError {
  return new ProvisioningError(
    `The ${words} ${place} are over ${MAX_USER_DATA_BYTES} bytes; give the VM less, such as a script that fetches the rest`,
    { key: `${key}_too_large`, exitCode: ExitCode.badData },
  );
}
