import type { PartContext, PartOutcome } from "../part.ts";
import { USER_DATA } from "./data_kind.ts";
import { keepData } from "../../user_data/keep_data.ts";

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
