import type { PartContext, PartOutcome } from "../part.ts";
import { CUSTOM_DATA, type DataKind, USER_DATA } from "./data_kind.ts";
import { decodeUserData } from "./decode_user_data.ts";
import {
  forgetUserData,
  userDataPath,
  writeUserData,
} from "./user_data_file.ts";

/** The part `userdata`: keeps the user data from the metadata; see {@linkcode keepData}. */
export function run({ instance, stateDir }: PartContext): PartOutcome {
  return keepData(instance.userData, USER_DATA, stateDir);
}

/** The part `customdata`: keeps the custom data from the provisioning media; see {@linkcode keepData}. */
export function runCustomData(
  { instance, stateDir }: PartContext,
): PartOutcome {
  return keepData(instance.customData, CUSTOM_DATA, stateDir);
}

/**
 * Writes a VM's user data or custom data, decoded, to a file that only root can read.
 * This program never runs or logs it.
 *
 * Data of an earlier run, which may be another VM's, is always removed: also if this
 * VM has none, or if its own cannot be used.
 *
 * @param base64 `undefined` if the VM has none.
 * @throws {ProvisioningError} If the data is not base64, is too large, or cannot be written.
 */
function keepData(
  base64: string | undefined,
  kind: DataKind,
  stateDir: string,
): PartOutcome {
  const { words } = kind;
  if (base64 === undefined) {
    forgetUserData(stateDir, kind);
    return { kind: "skipped", why: `${kind.source} has no ${words}` };
  }
  let bytes: Uint8Array<ArrayBuffer>;
  try {
    bytes = decodeUserData(base64, kind);
  } catch (error) {
    forgetUserData(stateDir, kind);
    throw error;
  }
  writeUserData(stateDir, bytes, kind);
  const path = userDataPath(stateDir, kind);
  return {
    kind: "done",
    what: `Wrote ${bytes.length} bytes of ${words} to "${path}"`,
  };
}
