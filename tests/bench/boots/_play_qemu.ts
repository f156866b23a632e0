import { TALK } from "../../boot/_agent.ts";
import { AGENT, INITS } from "../../boot/_inits.ts";
import { layOver } from "../../boot/_overlay.ts";
import { putFiles } from "../../boot/_put_files.ts";
import type { Recipe } from "../../boot/_recipes.ts";
import { rootOf } from "../../boot/_roots.ts";
import { temporaryFolder } from "../../boot/_temporary_folder.ts";
import { type Disk, makeDisk } from "../../boot/qemu/_disk.ts";
import { AZURE } from "../../boot/qemu/_hardware.ts";
import { bootDisk } from "../../boot/qemu/_machine.ts";
import { SERIAL_PORT } from "../../boot/qemu/_serial_agent.ts";
import { type BootImage, type BootSample, VM_ID } from "./_play.ts";
import { bootTimes, parseSystemdTimes, sharesOf } from "./_times.ts";
import { type BootVariant, COMPUTER_NAME } from "./_variants.ts";
import { withPackages } from "./_with_packages.ts";
import { TIMES, WRITE_TIMES } from "./_written_times.ts";

/** How long a boot may take: every instruction is emulated. */
const BOOT_MS = 300_000;

const PROGRAM = "azure-provisioning.service";

/** Waits for the end of the boot, writes its times down, and says so at the serial port. */
const AGENT_TEXT = `#!/bin/bash
PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
exec <${SERIAL_PORT} >${SERIAL_PORT}
stty raw -echo
read -r uptime _ </proc/uptime
echo "started $uptime"
systemctl is-system-running --wait >/dev/null
${WRITE_TIMES}
echo done
read -r _
echo "hostname $(</proc/sys/kernel/hostname)"
${INITS.systemd.powerOff}
exec sleep 600
`;

/**
 * Makes a disk with a root and a variant in it, which QEMU boots as a whole machine.
 *
 * @param recipe The root, with systemd.
 * @param source The checkout that this program comes from.
 */
export async function makeQemuBootImage(
  recipe: Recipe,
  variant: BootVariant,
  source: string,
): Promise<BootImage> {
  const root = await rootOf(withPackages(recipe, variant.packages));
  await using made = new AsyncDisposableStack();
  const dir = made.use(await temporaryFolder()).path;
  await using overlay = await layOver([root], dir);
  const { tree } = overlay;
  await variant.furnish(tree, recipe.init, source);
  const { files, links } = INITS[recipe.init].agent;
  await putFiles(
    tree,
    [
      { path: AGENT, text: AGENT_TEXT, mode: 0o755 },
      files[0],
      { path: `${TALK}/.keep`, text: "" },
    ].filter((file) => file !== undefined),
    links?.slice(0, 1),
  );
  const disk = made.use(await makeDisk(tree, "whole disk"));
  const resources = made.move();
  return {
    play: () => play(disk, variant),
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
}

/** Boots the disk, which is put back to what it was. */
async function play(disk: Disk, variant: BootVariant): Promise<BootSample> {
  const kept = `${disk.image}.kept`;
  await Deno.copyFile(disk.image, kept);
  try {
    await bootToTheEnd(disk, variant);
    const times = `${await disk.read()}${TIMES}`;
    const systemd = parseSystemdTimes(await Deno.readTextFile(times));
    return {
      units: sharesOf(systemd, ""),
      times: bootTimes({
        init: systemd.started,
        sysinit: systemd.ended.get("sysinit.target"),
        booted: systemd.finished,
        sshd: systemd.ended.get("ssh.service"),
        ready: variant.reports ? systemd.ended.get(PROGRAM) : undefined,
      }),
    };
  } finally {
    await Deno.rename(kept, disk.image);
  }
}

async function bootToTheEnd(disk: Disk, variant: BootVariant): Promise<void> {
  await using boot = await bootDisk(disk, {
    hardware: AZURE,
    platform: {
      vmId: VM_ID,
      computerName: COMPUTER_NAME,
      args: variant.platform ?? [],
    },
  });
  await boot.until(
    "its times are known",
    () => boot.heardAll(["done"]),
    BOOT_MS,
  );
  if (variant.reports && boot.platform.seen().ready.length === 0) {
    throw new Error(`It did not report Ready: ${boot.console().slice(-500)}`);
  }
  await boot.powerOff();
}
