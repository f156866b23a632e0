import { CUSTOM_DATA, type DataKind, USER_DATA } from "./data_kind.ts";
import type { Part, PartOutcome } from "../part.ts";
import {
  decodeUserData,
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
