import { fileProblem } from "../files/write_atomically.ts";
import type { Log } from "../log/log.ts";

/**
 * Removes the copy of `ovf-env.xml`. Needs `--allow-write` for it.
 *
 * @param path Its path.
 * @param log Where it is written if that fails: a password may be in it.
 */
export function removeMedia(path: string, log: Log): void {
  try {
    Deno.removeSync(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return;
    log.warn(
      `Cannot remove the copy of what the provisioning media say, "${path}": ${
        fileProblem(error)
      }; remove it by hand, as it may hold a password`,
    );
  }
}
