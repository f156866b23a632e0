import { homesDirOf } from "./homes.ts";
import type { LoginMachine } from "./login_machine.ts";
import { makeFolder } from "./make_folder.ts";
import { messageOf } from "../../provisioning_error.ts";
import { wayToHome } from "./way_to_home.ts";

/** More folders than the path of any folder of homes has. */
const MAX_FOLDERS = 16;

/**
 * Creates the folder that homes are in, if it is missing, for root, who alone may write to
 * it. A link of root's is followed, as useradd would not. If it cannot be created, a
 * warning says why, and the program that creates users may say more.
 *
 * @param path One that `homesDirOf` accepts.
 */
export async function makeHomesDir(
  path: string,
  machine: LoginMachine,
): Promise<void> {
  const base = homesDirOf(path, machine) ?? path;
  for (let made = 0; made < MAX_FOLDERS; made++) {
    const way = wayToHome(path, base);
    if (way.kind !== "missing") return;
    try {
      await makeFolder(way.path, "0755", machine);
    } catch (error) {
      machine.signal?.throwIfAborted();
      machine.log.warn(
        `Cannot create the folder of homes "${way.path}": ${
          messageOf(error)
        }; create it in the image`,
      );
      return;
    }
  }
}
