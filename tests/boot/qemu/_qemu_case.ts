import { makeImage } from "../_image.ts";
import { type ImageFile, type ImageLink, INITS } from "../_inits.ts";
import { succeed } from "../../helpers/command.ts";
import { ANYWHERE } from "../_install.ts";
import { putFiles } from "../_put_files.ts";
import type { Recipe } from "../_recipes.ts";
import { tellIfItFails } from "../_tell_if_it_fails.ts";
import { type Disk, type Layout, makeDisk } from "./_disk.ts";
import { bootDisk, type QemuBoot, type QemuOptions } from "./_machine.ts";
import { QEMU_OBSTACLE } from "./_obstacle.ts";
import { serialAgent } from "./_serial_agent.ts";

if (QEMU_OBSTACLE !== undefined) {
  console.error(
    `Tests that boot a machine under QEMU are skipped: ${QEMU_OBSTACLE}`,
  );
}

/** How long a boot may take here, however busy this machine is: every instruction is emulated. */
export const QEMU_BOOT_MS = 300_000;

/**
 * Registers a test that boots machines under QEMU; it is skipped, and the reason
 * printed, where none can be booted.
 *
 * @param name What holds.
 */
export function qemuTest(name: string, test: () => Promise<void>): void {
  Deno.test({ name, ignore: QEMU_OBSTACLE !== undefined, fn: test });
}

/** What a test puts on a disk. */
export interface Extras {
  /** Files. */
  readonly files: readonly ImageFile[];
  /** Links. */
  readonly links: readonly ImageLink[];
  /** A folder whose files are copied there. */
  readonly folder?: string;
  /** What is done to the tree at last. */
  readonly finish?: (tree: string) => Promise<unknown>;
}

/**
 * Makes a disk from a root that the program was installed into. Where it runs is up
 * to the machine: the disk has not the file that makes it run anywhere.
 *
 * @param recipe How the root is made.
 * @param extras What else is on the disk.
 * @param layout Where the root file system is on it.
 * @returns The disk; disposing of it takes it away.
 */
export async function makeQemuDisk(
  recipe: Recipe,
  extras: Extras = { files: [], links: [] },
  layout: Layout = "whole disk",
): Promise<Disk> {
  await using image = await makeImage(recipe);
  await using machine = await image.makeMachine();
  const { tree } = machine;
  await Deno.remove(`${tree}${ANYWHERE.path}`);
  await putFiles(
    tree,
    [serialAgent(INITS[recipe.init]), ...extras.files],
    extras.links,
  );
  if (extras.folder !== undefined) {
    await succeed("cp", ["-a", `${extras.folder}/.`, tree]);
  }
  await extras.finish?.(tree);
  return await makeDisk(tree, layout);
}

/**
 * Boots a disk for as long as something takes. What the machine and the platform
 * said is printed if that fails.
 *
 * @param options What is around the machine.
 * @param use What to do with the machine.
 * @returns What that gave.
 */
export async function withQemuBoot<Result>(
  disk: Disk,
  options: QemuOptions,
  use: (boot: QemuBoot) => Promise<Result>,
): Promise<Result> {
  await using boot = await bootDisk(disk, options);
  return await tellIfItFails(boot, () => use(boot));
}
