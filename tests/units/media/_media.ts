import { assertEquals } from "@std/assert";
import { succeed } from "../../helpers/command.ts";
import { missingProgram } from "../../helpers/missing_program.ts";
import type { ProgramResult } from "../../helpers/program.ts";
import { tempDir } from "../../helpers/temp_dir.ts";
import {
  type Machine,
  type MachineOptions,
  machineTest,
  SCRIPTS,
} from "../_machine.ts";

/** This machine's kernel may know neither udf nor iso9660: here a medium is a disk of this kind. */
export const KIND = "ext4";

/** The script under test. */
export const MEDIA = `${SCRIPTS}/media`;
/** The folder of the copy. */
export const FOLDER = "/run/azure-provisioning";
/** The copy. */
export const COPY = `${FOLDER}/ovf-env.xml`;
/** The drive. */
export const DRIVE = "/dev/sr0";
/** Keeps the media from being read. */
export const LEFT_OUT = "/etc/azure-provisioning.no-media";

/** Why there can be no drive here, if there can be none. */
export const DRIVE_OBSTACLE = await driveObstacle();
if (DRIVE_OBSTACLE !== undefined) {
  console.error(`Tests that mount a medium are skipped: ${DRIVE_OBSTACLE}`);
}

async function driveObstacle(): Promise<string | undefined> {
  if (Deno.uid() !== 0) return "only root can";
  const missing = missingProgram(["losetup", "mke2fs"]);
  if (missing !== undefined) return `it needs the program "${missing}"`;
  const known = await Deno.readTextFile("/proc/filesystems");
  return known.includes(`\t${KIND}\n`)
    ? undefined
    : `the kernel has no ${KIND}`;
}

/** Puts a medium into the drive; it has the files, or what is made in a folder. */
export type PutMedium = (
  furnish: string | ((folder: string) => Promise<void>),
) => Promise<{ readonly image: string }>;

/** A machine whose /run is in memory, and that has a drive as soon as a medium is put into it. */
export function mediaTest(
  name: string,
  test: (machine: Machine, medium: PutMedium) => Promise<void>,
  options: MachineOptions & { readonly runOnDisk?: true } = {},
): void {
  machineTest(`media: ${name}`, async (machine) => {
    await using made = new AsyncDisposableStack();
    const dir = made.use(await tempDir()).path;
    if (!options.runOnDisk) {
      await machine.run("mount", "-t", "tmpfs", "none", "/run");
    }
    await test(machine, async (furnish) => {
      const folder = `${dir}/${crypto.randomUUID()}`;
      const image = `${folder}.image`;
      await Deno.mkdir(folder);
      if (typeof furnish === "string") {
        await Deno.writeTextFile(`${folder}/ovf-env.xml`, furnish);
      } else await furnish(folder);
      await succeed("mke2fs", ["-q", "-t", KIND, "-d", folder, image, "16M"]);
      const losetup = ["-f", "--show", "-r", image];
      const device = (await succeed("losetup", losetup)).trim();
      made.defer(async () => void await succeed("losetup", ["-d", device]));
      if (!await machine.has(DRIVE)) await machine.put(DRIVE, "");
      await machine.mount("mount", "--bind", device, machine.root + DRIVE);
      return { image };
    });
  }, { fileSystem: KIND, ...options });
}

/** A test that needs a drive. */
export function driveTest(
  name: string,
  test: (machine: Machine, medium: PutMedium) => Promise<void>,
  options: MachineOptions & { readonly runOnDisk?: true } = {},
): void {
  mediaTest(name, test, { obstacle: DRIVE_OBSTACLE, ...options });
}

/** Runs the script to its end, and fails if it leaves a mount. */
export async function runIt(
  machine: Machine,
  ...args: readonly string[]
): Promise<ProgramResult> {
  const result = await machine.run(MEDIA, ...args);
  const { stdout: mounts } = await machine.run("cat", "/proc/mounts");
  assertEquals(mounts.includes(`${FOLDER}/media `), false, mounts);
  return result;
}
