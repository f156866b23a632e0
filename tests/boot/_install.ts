import { ROOT } from "../helpers/program.ts";
import { succeed } from "../helpers/command.ts";
import type { ImageFile, InitName } from "./_inits.ts";
import { putFiles } from "./_put_files.ts";

const INSTALL = `${ROOT}install.sh`;

/** What makes the units run on a machine that is not Azure's, which the tests' machines are not. */
export const ANYWHERE: ImageFile = {
  path: "/etc/azure-provisioning.anywhere",
  text: "",
};

/**
 * Installs the program into a tree, with `install.sh`.
 *
 * @param tree The tree's folder.
 * @param init The tree's init.
 */
export async function install(tree: string, init: InitName): Promise<void> {
  await succeed(INSTALL, ["--root", tree, "--init", init]);
  await putFiles(tree, [ANYWHERE]);
}

/**
 * Generalizes a tree, so that a VM made from it provisions as a new one, with
 * `install.sh`.
 *
 * @param tree The tree's folder.
 */
export async function generalize(tree: string): Promise<void> {
  await succeed(INSTALL, ["--generalize", "--root", tree, "--yes"]);
}
