import { CUSTOM_DATA, type DataKind, USER_DATA } from "./data_kind.ts";
import { decodeUserData } from "./decode_user_data.ts";
import type { Part, PartOutcome } from "../part.ts";
import {
  forgetLeftData,
  forgetUserData,
  userDataPath,
  writeUserData,
} from "./user_data_file.ts";

/** The part `userdata`: keeps the user data of the metadata; see {@linkcode keepData}. */
export const userDataPart: Part = {
  name: "userdata",
  summary: "writes the user data to a file for root, and never runs it",
  default: true,
  needs: "nothing",
  programs: [],
  paths: [],
  optional: false,
  wanted: ({ userData }) => userData !== undefined,
  run: ({ instance, stateDir }) =>
    keepData(instance.userData, USER_DATA, stateDir),
  forget: (machine) => forgetLeftData(USER_DATA, machine),
};

/** The part `customdata`: keeps the custom data of the provisioning media; see {@linkcode keepData}. */
export const customDataPart: Part = {
  name: "customdata",
  summary: "writes the custom data to a file for root, and never runs it",
  default: true,
  needs: "an optical drive, `mount`, and udf or iso9660 in the kernel",
  programs: [],
  paths: [],
  optional: false,
  wanted: ({ customData }) => customData !== undefined,
  run: ({ instance, stateDir }) =>
    keepData(instance.customData, CUSTOM_DATA, stateDir),
  forget: (machine) => forgetLeftData(CUSTOM_DATA, machine),
};

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
