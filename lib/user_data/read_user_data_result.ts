import {
  parseUserDataResult,
  type UserDataResult,
} from "./user_data_result.ts";

/** It has a few hundred, in bytes. */
const MAX_RESULT_BYTES = 64 * 1024;

/**
 * Reads what has become of a VM's user data. Needs `--allow-read` for it.
 *
 * @param stateDir The state directory.
 * @param vmId The VM's id: what another VM left does not count.
 * @returns What has become of them; `undefined` where nobody has run them.
 */
export async function readUserDataResult(
  stateDir: string,
  vmId: string | undefined,
): Promise<UserDataResult | undefined> {
  try {
    const path = `${stateDir}/userdata.result`;
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
