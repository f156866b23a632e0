import type { PartContext, PartOutcome } from "../part.ts";
import { CUSTOM_DATA } from "./data_kind.ts";
import { keepData } from "./user_data_part.ts";

/**
 * The part `customdata`: keeps the custom data that the provisioning media hold; see
 * {@linkcode keepData}.
 *
 * @param context What is known of the VM, and where to write.
 * @returns What was done.
 * @throws {ProvisioningError} If the data are not base64, too large, or cannot be written.
 */
export function run({ instance, stateDir }: PartContext): PartOutcome {
  return keepData(instance.customData, CUSTOM_DATA, stateDir);
}
