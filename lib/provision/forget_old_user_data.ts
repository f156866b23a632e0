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
  if (isMissing(`${stateDir}/userData`)) return;
  const { forgetUserData } = await import("../user_data/user_data_file.ts");
  try {
    await forgetUserData(stateDir);
    log.debug("The user data of an earlier run are removed");
  } catch (error) {
    log.warn(messageOf(error));
  }
}

/** At once, as it is quicker: most VMs have none. */
function isMissing(path: string): boolean {
  try {
    Deno.lstatSync(path);
    return false;
  } catch (error) {
    return error instanceof Deno.errors.NotFound;
  }
}
