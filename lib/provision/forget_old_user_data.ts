import { isThere } from "../files/is_there.ts";
import { temporaryPathOf } from "../files/write_atomically.ts";
import type { Log } from "../log/log.ts";
import { messageOf } from "../provisioning_error.ts";

/** The files that hold them, and the copies that are run. */
const FILES = [
  { file: "userData", runFile: ".userdata.run" },
  { file: "customData", runFile: ".customdata.run" },
] as const;

/**
 * Sees to it that a VM that is provisioned keeps no user data and no custom data of
 * another VM, whether it has some of its own or not. What takes them away is loaded
 * only if there are any.
 *
 * @param stateDir The state directory.
 * @param log Where it is written if they cannot be removed.
 */
export async function forgetOldUserData(
  stateDir: string,
  log: Log,
): Promise<void> {
  for (const { file, runFile } of FILES) {
    const path = `${stateDir}/${file}`;
    // A write or a script that was cut off leaves them under the other names.
    const paths = [path, temporaryPathOf(path), `${stateDir}/${runFile}`];
    if (!paths.some(isThere)) continue;
    const { forgetUserData } = await import(
      "../parts/user_data/user_data_file.ts"
    );
    const { CUSTOM_DATA, USER_DATA } = await import(
      "../parts/user_data/data_kind.ts"
    );
    const kind = file === "userData" ? USER_DATA : CUSTOM_DATA;
    try {
      forgetUserData(stateDir, kind);
      log.debug(`The ${kind.words} of an earlier run are removed`);
    } catch (error) {
      log.warn(messageOf(error));
    }
  }
}
