import { ROOT } from "../../helpers/program.ts";

/** The unit of the program. */
export const UNIT = `${ROOT}units/systemd/azure-provisioning.service`;
/** Runs the user data. */
export const USER_DATA_UNIT =
  `${ROOT}units/systemd/azure-provisioning-userdata.service`;
/** Reads the provisioning media. */
export const MEDIA_UNIT =
  `${ROOT}units/systemd/azure-provisioning-media.service`;
/** Says whether the program is needed. */
export const NEEDED_UNIT =
  `${ROOT}units/systemd/azure-provisioning-needed.service`;
/** Makes the folder of homes. */
export const HOMES_UNIT =
  `${ROOT}units/systemd/azure-provisioning-homes.service`;
/** Runs the program if its own unit did not. */
export const FALLBACK_UNIT =
  `${ROOT}units/systemd/azure-provisioning-fallback.service`;
/** All units. */
export const UNITS = [
  UNIT,
  NEEDED_UNIT,
  HOMES_UNIT,
  MEDIA_UNIT,
  FALLBACK_UNIT,
  USER_DATA_UNIT,
];

/** Only a file that a script makes on purpose keeps the program from running. */
export const NOT_NEEDED =
  "ConditionPathExists=!/run/azure-provisioning.not-needed";

/** Reads the lines of a unit. */
export async function linesOf(path: string): Promise<string[]> {
  return (await Deno.readTextFile(path)).split("\n");
}

/** The conditions among the lines of a unit. */
export function conditionsIn(lines: readonly string[]): string[] {
  return lines.filter((line) => /^(Exec)?Condition/.test(line));
}
