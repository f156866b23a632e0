import { isThere } from "../files/is_there.ts";
import { temporaryPathOf } from "../files/write_atomically.ts";
import type { Log } from "../log/log.ts";
import { messageOf } from "../provisioning_error.ts";

/**
 * Sees to it that a VM that is provisioned keeps no user data of another VM, whether
 * it has some of its own or not. What takes them away is loaded only if there are any.
 *
 * @param stateDir The state directory.
 * @param log Where it is written if they cannot be removed.
 */
export async function forgetOldUserData(
  stateDir: string,
  log: Log,
): Promise<void> {
  const path = `${stateDir}/userData`;
  // A write that was cut off leaves them under the other name.
  if (!isThere(path) && !isThere(temporaryPathOf(path))) return;
  const { forgetUserData } = await import("../user_data/user_data_file.ts");
  try {
    forgetUserData(stateDir);
    log.debug("The user data of an earlier run are removed");
  } catch (error) {
    log.warn(messageOf(error));
  }
}
