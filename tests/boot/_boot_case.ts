import { type Boot, bootMachine, type BootOptions } from "./_boot.ts";
import type { Machine } from "./_image.ts";
import { BOOT_OBSTACLE } from "./_obstacle.ts";
import { tellIfItFails } from "./_tell_if_it_fails.ts";

if (BOOT_OBSTACLE !== undefined) {
  console.error(`Tests that boot a machine are skipped: ${BOOT_OBSTACLE}`);
}

/** How long a boot may take here, however busy this machine is. */
export const BOOT_MS = 180_000;

/** How long a boot without the program is watched for a request. */
export const QUIET_MS = 2000;

/**
 * Registers a test that boots machines; it is skipped, and the reason printed,
 * where none can be booted.
 *
 * @param name What holds.
 */
export function bootTest(name: string, test: () => Promise<void>): void {
  Deno.test({ name, ignore: BOOT_OBSTACLE !== undefined, fn: test });
}

/**
 * Boots a machine for as long as something takes. What the machine and the platform
 * said is printed if that fails.
 *
 * @param machine The machine's disk.
 * @param options What is around the machine.
 * @param use What to do with the machine.
 * @returns What that gave.
 */
export async function withBoot<Result>(
  machine: Machine,
  options: BootOptions,
  use: (boot: Boot) => Promise<Result>,
): Promise<Result> {
  await using boot = await bootMachine(machine, options);
  return await tellIfItFails(boot, () => use(boot));
}
