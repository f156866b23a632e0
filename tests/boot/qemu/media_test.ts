import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { run, succeed } from "../../helpers/command.ts";
import { missingProgram } from "../../helpers/missing_program.ts";
import { FULL, ovfEnvXml, PASSWORD, sshXml } from "../../media/_ovf_env.ts";
import { TALK } from "../_agent.ts";
import { QUIET_MS } from "../_boot_case.ts";
import { hostNameOf } from "../_host_name_of.ts";
import { logOf } from "../_log_of.ts";
import { markOf, STATE_DIR } from "../_mark_of.ts";
import type { Recipe } from "../_recipes.ts";
import { temporaryFolder } from "../_temporary_folder.ts";
import { sleep } from "../../helpers/wait_until.ts";
import type { Disk } from "./_disk.ts";
import { AZURE } from "./_hardware.ts";
import { stockKernel } from "./_kernel.ts";
import { machinesFor } from "./_machines.ts";
import type { QemuOptions } from "./_machine.ts";
import {
  type Extras,
  makeQemuDisk,
  QEMU_BOOT_MS,
  qemuTest,
  withQemuBoot,
} from "./_qemu_case.ts";
import type { Word } from "./_serial_agent.ts";

const VM = {
  vmId: "cccccccc-ffff-4fff-8fff-cccccccccccc",
  computerName: "metadata-vm",
};

const KEY = `ssh-ed25519 ${
  btoa(`\0\0\0\x0bssh-ed25519\0\0\0\x20${"q".repeat(32)}`)
}`;

/** It writes down that it ran; what it prints is nobody else's. */
const SCRIPT = `#!/bin/sh\necho custom >>${TALK}/ran\n`;

const XML = ovfEnvXml({
  ...FULL,
  SSH: sshXml(KEY),
  CustomData: btoa(SCRIPT),
});

/** Where nobody answers for the metadata, they are given up after a quarter of this. */
const CONFIG = {
  path: "/etc/azure-provisioning.conf",
  text: "timeout = 120\n",
};

/** What is left when the program is done: of the copy, and of the mount. */
const LOOK =
  `{ ls -A /run/azure-provisioning 2>&1; grep -c /dev/sr0 /proc/1/mounts; } >${TALK}/left`;

const UNITS = "/etc/systemd/system";

const USER_DATA_UNIT = "azure-provisioning-userdata.service";

/** A unit that looks, after the program's. */
const LOOK_UNIT: Extras = {
  files: [{
    path: `${UNITS}/boot-test-look.service`,
    text:
      `[Unit]\nAfter=azure-provisioning.service\nBefore=boot-test-done.service\n` +
      `[Service]\nType=oneshot\nExecStart=/bin/sh -c '${LOOK}'\n`,
  }],
  links: [{
    path: `${UNITS}/multi-user.target.wants/boot-test-look.service`,
    target: "../boot-test-look.service",
  }],
};

/** What makes a medium of a folder. */
const MAKERS = {
  udf: ["-udf"],
  iso9660: ["-rational-rock"],
} as const;

const missing = missingProgram(["genisoimage"]);
if (missing !== undefined) {
  console.error(
    `Tests that boot with provisioning media are skipped: they need the program "${missing}"`,
  );
}

function mediaTest(name: string, test: () => Promise<void>): void {
  if (missing === undefined) qemuTest(name, test);
  else Deno.test({ name, ignore: true, fn: test }); // There is nothing to make a medium with, as is said above.
}

for (const { recipe, provisioned } of machinesFor("media")) {
  const isSystemd = recipe.init === "systemd";
  mediaTest(
    `${recipe.name} under QEMU: where the metadata stay away, the CD-ROM gives name, user, keys and custom data`,
    async () => {
      await using disk = await mediaDisk(recipe, {
        files: [CONFIG, ...(isSystemd ? LOOK_UNIT.files : [])],
        links: isSystemd ? LOOK_UNIT.links : [],
      });
      const hostName = await bootWith(disk, provisioned, "udf", {
        ...VM,
        faults: ["refuse@metadata"],
      });
      const tree = await disk.read();
      const log = (await logOf(recipe.init, tree)).join("\n");
      assertEquals(hostName, "media-vm", log);
      assertEquals(await hostNameOf(tree), "media-vm");
      const mark = await markOf(tree);
      assert(mark?.instanceId !== undefined && mark.vmId === undefined);
      assertStringIncludes(
        log,
        "Taken from the provisioning media: host name, user, keys, password, custom data",
      );
      assert(!log.includes(PASSWORD), log);
      const passwd = await Deno.readTextFile(`${tree}/etc/passwd`);
      assertStringIncludes(passwd, "\nada:");
      assertEquals(
        await Deno.readTextFile(`${tree}/home/ada/.ssh/authorized_keys`),
        `${KEY}\n`,
      );
      await assertCustomData(tree);
      if (isSystemd) await assertNothingLeft(tree);
      // Not anywhere on the disk, in what is free of it neither.
      const { code } = await run("grep", ["-qaF", PASSWORD, disk.image]);
      assertEquals(code, 1, "the password is on the disk");
    },
  );
}

const { recipe: SYSTEMD, provisioned } = machinesFor("media")[0]!;

mediaTest(
  `${SYSTEMD.name} under QEMU: beside the metadata the CD-ROM gives custom data, which are run once where that is enabled`,
  async () => {
    await using disk = await mediaDisk(SYSTEMD, {
      files: [...LOOK_UNIT.files, {
        // What runs the data comes after the target that the unit would otherwise come before.
        path: `${UNITS}/boot-test-done.service.d/user-data.conf`,
        text: `[Unit]\nDefaultDependencies=no\nAfter=${USER_DATA_UNIT}\n`,
      }],
      links: [...LOOK_UNIT.links, {
        path: `${UNITS}/multi-user.target.wants/${USER_DATA_UNIT}`,
        target: `../${USER_DATA_UNIT}`,
      }],
    });
    assertEquals(
      await bootWith(disk, provisioned, "iso9660", {
        ...VM,
        args: ["--has-custom-data"],
      }),
      "metadata-vm",
    );
    const tree = await disk.read();
    assertEquals((await markOf(tree))?.vmId, VM.vmId);
    const log = (await logOf("systemd", tree)).join("\n");
    assertStringIncludes(
      log,
      "Taken from the provisioning media: user, keys, password, custom data",
    );
    await assertCustomData(tree);
    await assertNothingLeft(tree);
    assertEquals(await Deno.readTextFile(`${tree}${TALK}/ran`), "custom\n");
    const { outcome, exitStatus, vmId } = JSON.parse(
      await Deno.readTextFile(`${tree}${STATE_DIR}/customdata.result`),
    );
    assertEquals([outcome, exitStatus, vmId], ["ended", 0, VM.vmId]);

    // The drive is looked at no more.
    assertEquals(
      await bootWith(disk, provisioned, "iso9660", VM),
      "metadata-vm",
    );
    const treeAfter = await disk.read();
    const later = (await logOf("systemd", treeAfter)).join("\n");
    assert(later.startsWith(log), later);
    const added = later.slice(log.length);
    assertStringIncludes(
      added,
      "(ConditionPathExists=!/run/azure-provisioning.not-needed)",
    );
    assert(!added.includes("Retrieving"), added);
    const ran = `${treeAfter}${TALK}/ran`;
    assertEquals(await Deno.readTextFile(ran).catch(() => ""), "");
  },
);

async function mediaDisk(recipe: Recipe, extras: Extras): Promise<Disk> {
  const { opticalModules } = await stockKernel();
  return await makeQemuDisk(recipe, { ...extras, folder: opticalModules });
}

/** Boots a disk with a medium in the drive until the program is done, and gives the host name. */
async function bootWith(
  disk: Disk,
  words: readonly Word[],
  kind: keyof typeof MAKERS,
  platform: QemuOptions["platform"],
): Promise<string> {
  await using folder = await temporaryFolder();
  await Deno.mkdir(`${folder.path}/files`);
  await Deno.writeTextFile(`${folder.path}/files/ovf-env.xml`, XML);
  const medium = `${folder.path}/medium.iso`;
  await succeed("genisoimage", [
    "-quiet",
    ...MAKERS[kind],
    "-o",
    medium,
    `${folder.path}/files`,
  ]);
  const options = { hardware: AZURE, platform, medium };
  return await withQemuBoot(disk, options, async (boot) => {
    await boot.until(
      `the machine says ${words.join(" and ")}`,
      () => boot.heardAll(words),
      QEMU_BOOT_MS,
    );
    await sleep(QUIET_MS);
    const hostName = await boot.powerOff();
    const { refusals } = await boot.platform.stop();
    assertEquals(refusals, []);
    return hostName;
  });
}

async function assertCustomData(tree: string): Promise<void> {
  const path = `${tree}${STATE_DIR}/customData`;
  assertEquals(await Deno.readTextFile(path), SCRIPT);
  const { mode, uid } = await Deno.stat(path);
  assertEquals([mode! & 0o777, uid], [0o600, 0]);
}

/** The copy is gone, what says how far the program has come is there, and nothing is mounted. */
async function assertNothingLeft(tree: string): Promise<void> {
  assertEquals(
    await Deno.readTextFile(`${tree}${TALK}/left`),
    "began\nmedia-unwanted\n0\n",
  );
}
