import type { PartContext, PartOutcome } from "../parts/part.ts";
import { decodeUserData } from "./decode_user_data.ts";
import {
  forgetUserData,
  userDataPath,
  writeUserData,
} from "./user_data_file.ts";

/**
 * The part `userdata`: the VM's user data, decoded, in a file that root alone can read.
 * They are never run by this program, and never logged.
 *
 * Data of an earlier run, which may be another VM's, do not stay: not where the VM has
 * none, and not where its own cannot be used.
 *
 * @param context The VM's metadata, and where to write.
 * @returns What was done.
 * @throws {ProvisioningError} If the data are not base64, too large, or cannot be written.
 */
export function run(
  { instance, stateDir }: PartContext,
): PartOutcome {
  if (instance.userData === undefined) {
    forgetUserData(stateDir);
    return { kind: "skipped", why: "the metadata have no user data" };
  }
  let bytes: Uint8Array<ArrayBuffer>;
  try {
    bytes = decodeUserData(instance.userData);
  } catch (error) {
    forgetUserData(stateDir);
    throw error;
  }
  writeUserData(stateDir, bytes);
  return {
    kind: "done",
    what: `User data, ${bytes.length} bytes, are in "${
      userDataPath(stateDir)
    }"`,
  };
}
