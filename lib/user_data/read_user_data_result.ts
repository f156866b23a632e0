import { readBounded } from "../files/read_bounded.ts";
import { type DataKind, USER_DATA } from "../parts/user_data/data_kind.ts";
import {
  parseUserDataResult,
  type UserDataResult,
} from "../parts/user_data/user_data_result.ts";

/** It has a few hundred, in bytes. */
const MAX_RESULT_BYTES = 64 * 1024;

/**
 * Reads what has become of a VM's user data, or custom data. Needs `--allow-read` for it.
 *
 * @param stateDir The state directory.
 * @param vmId The VM's id: what another VM left does not count.
 * @param kind Which.
 * @returns What has become of them; `undefined` where nobody has run them.
 */
export function readUserDataResult(
  stateDir: string,
  vmId: string | undefined,
  kind: DataKind = USER_DATA,
): UserDataResult | undefined {
  try {
    const bytes = readBounded(
      `${stateDir}/${kind.resultFile}`,
      MAX_RESULT_BYTES,
    );
    const result = parseUserDataResult(new TextDecoder().decode(bytes));
    return result !== undefined &&
        result.vmId.toLowerCase() === vmId?.toLowerCase()
      ? result
      : undefined;
  } catch {
    return undefined;
  }
}
