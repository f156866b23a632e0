import type { PartContext, PartOutcome } from "../part.ts";
import { type DataKind, USER_DATA } from "./data_kind.ts";
import {
  decodeUserData,
  forgetUserData,
  userDataPath,
  writeUserData,
} from "./user_data_file.ts";

/**
 * The part `userdata`: keeps the user data that the metadata hold; see
 * {@linkcode keepData}.
 *
 * @param context The VM's metadata, and where to write.
 * @returns What was done.
 * @throws {ProvisioningError} If the data are not base64, too large, or cannot be written.
 */
export function run({ instance, stateDir }: PartContext): PartOutcome {
  return keepData(instance.userData, USER_DATA, stateDir);
}

/**
 * Puts the VM's user data, or custom data, decoded, into a file that root alone can
 * read. They are never run by this program, and never logged.
 *
 * Data of an earlier run, which may be another VM's, do not stay: not where the VM has
 * none, and not where its own cannot be used.
 *
 * @param base64 The data, or `undefined` if the VM has none.
 * @param kind Which they are.
 * @param stateDir The state directory.
 * @returns What was done.
 * @throws {ProvisioningError} If the data are not base64, too large, or cannot be written.
 */
export function keepData(
  base64: string | undefined,
  kind: DataKind,
  stateDir: string,
): PartOutcome {
  const { words } = kind;
  if (base64 === undefined) {
    forgetUserData(stateDir, kind);
    return { kind: "skipped", why: `${kind.source} have no ${words}` };
  }
  let bytes: Uint8Array<ArrayBuffer>;
  try {
    bytes = decodeUserData(base64, kind);
  } catch (error) {
    forgetUserData(stateDir, kind);
    throw error;
  }
  writeUserData(stateDir, bytes, kind);
  const name = `${words[0]!.toUpperCase()}${words.slice(1)}`;
  return {
    kind: "done",
    what: `${name}, ${bytes.length} bytes, are in "${
      userDataPath(stateDir, kind)
    }"`,
  };
}
