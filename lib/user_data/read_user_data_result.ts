import { type DataKind, USER_DATA } from "./data_kind.ts";
import {
  parseUserDataResult,
  type UserDataResult,
} from "./user_data_result.ts";

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
export async function readUserDataResult(
  stateDir: string,
  vmId: string | undefined,
  kind: DataKind = USER_DATA,
): Promise<UserDataResult | undefined> {
  try {
    const path = `${stateDir}/${kind.resultFile}`;
    const { isFile, size } = await Deno.stat(path);
    if (!isFile || size > MAX_RESULT_BYTES) return undefined;
    const result = parseUserDataResult(await Deno.readTextFile(path));
    return result !== undefined &&
        result.vmId.toLowerCase() === vmId?.toLowerCase()
      ? result
      : undefined;
  } catch {
    return undefined;
  }
}
