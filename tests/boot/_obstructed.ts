import type { Boot, BootOptions } from "./_boot.ts";
import { TALK } from "./_agent.ts";
import { BOOT_MS, withBoot } from "./_boot_case.ts";
import type { PlatformView } from "../helpers/boot_platform.ts";
import { succeed } from "../helpers/command.ts";
import type { Machine } from "./_image.ts";
import { putFiles } from "./_put_files.ts";

const EARLY_UNIT = "/etc/systemd/system/boot-test-early.service";

/**
 * Has a machine run a script before anything of the program's.
 *
 * @param script Of bash: the fault may be in /bin/sh.
 */
export async function putEarlyScript(
  tree: string,
  script: string,
): Promise<void> {
  await putFiles(tree, [
    { path: "/usr/local/lib/boot-test/early", text: script, mode: 0o755 },
    {
      path: EARLY_UNIT,
      text: `[Unit]
DefaultDependencies=no
# Not beside what writes to /var/lib at the first boot.
After=sysinit.target
Before=basic.target azure-provisioning-needed.service azure-provisioning-media.service azure-provisioning.service
[Service]
Type=oneshot
ExecStart=/bin/bash -euc 'source /usr/local/lib/boot-test/early'
`,
    },
  ], [{
    path: "/etc/systemd/system/basic.target.wants/boot-test-early.service",
    target: EARLY_UNIT,
  }]);
}

/** What came of a boot. */
export interface ObstructedBoot {
  /** What the platform has seen. */
  readonly view: PlatformView;
  /** The host name that it ran with. */
  readonly hostName: string;
  /** The units of the program that had failed at its end. */
  readonly failed: readonly string[];
  /** What the units of the program have said during all boots so far, by the unit's name. */
  readonly said: (unit: string) => Promise<string>;
}

/**
 * Boots a machine with systemd that has something in the way, until the program's units
 * are done.
 *
 * @param use What to do before the machine ends.
 */
export async function bootObstructed(
  machine: Machine,
  options: BootOptions,
  use: (boot: Boot) => Promise<void> = async () => {},
): Promise<ObstructedBoot> {
  // The root may be read-only.
  const outside = `${machine.tree}/../outside`;
  const [talk, journal] = [`${outside}/talk`, `${outside}/journal`];
  for (const folder of [talk, journal, `${machine.tree}${TALK}`]) {
    await Deno.mkdir(folder, { recursive: true });
  }
  const nspawn = [
    ...options.nspawn ?? [],
    `--bind=${talk}:${TALK}`,
    `--bind=${journal}:/var/log/journal`,
  ];
  const all = { ...options, nspawn, talk };
  return await withBoot(machine, all, async (boot) => {
    await boot.until("the units are done", () => boot.unitIsDone(), BOOT_MS);
    await use(boot);
    const hostName = await boot.powerOff();
    return {
      view: await boot.platform!.stop(),
      hostName,
      failed: await boot.failedUnits(),
      said: (unit) =>
        succeed("journalctl", [
          `--directory=${journal}`,
          `--unit=${unit}`,
          "--output=cat",
          "--no-pager",
        ]),
    };
  });
}
