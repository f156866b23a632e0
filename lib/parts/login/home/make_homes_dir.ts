import { homesDirOf } from "./homes.ts";
import type { LoginMachine } from "../login_machine.ts";
import { makeFolder } from "../make_folder.ts";
import { messageOf } from "../../../provisioning_error.ts";
import { wayToHome } from "./way_to_home.ts";

/** More folders than the path of any folder of homes has. */
const MAX_FOLDERS = 16;

/**
 * Creates the folder that homes are in, if it is missing, for root, who alone may write to
 * it. A link of root's is followed, as useradd would not. If it cannot be created, a
 * warning says why, and the first of `homesDirs` takes its place.
 *
 * @param wanted One that `homesDirOf` accepts.
 * @returns The folder to use. If it is missing, the program that creates users says more.
 */
export async function makeHomesDir(
  wanted: string,
  machine: LoginMachine,
): Promise<string> {
  const fallback = machine.homesDirs[0] ?? wanted;
  for (const path of new Set([wanted, fallback])) {
    const problem = await make(path, machine);
    if (problem === undefined) return path;
    machine.log.warn(
      `Cannot create the folder of homes "${path}": ${problem}; create it in the image${
        path === fallback ? "" : `; the home goes to "${fallback}"`
      }`,
    );
  }
  return fallback;
}

async function make(
  path: string,
  machine: LoginMachine,
): Promise<string | undefined> {
  const base = homesDirOf(path, machine) ?? path;
  for (let made = 0; made < MAX_FOLDERS; made++) {
    const way = wayToHome(path, base);
    if (way.kind !== "missing") return undefined;
    try {
      await makeFolder(way.path, "0755", machine);
    } catch (error) {
      machine.signal?.throwIfAborted();
      return messageOf(error);
    }
  }
  return undefined;
}
