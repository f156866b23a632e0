import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { readPage, sectionOf } from "../../docs/_pages.ts";
import { run, succeed } from "../../helpers/command.ts";
import { missingProgram } from "../../helpers/missing_program.ts";
import { NETWORKD, type Recipe, recipe } from "../_recipes.ts";
import { temporaryFolder } from "../_temporary_folder.ts";
import type { Disk } from "./_disk.ts";
import { AZURE } from "./_hardware.ts";
import { stockKernel } from "./_kernel.ts";
import { makePartition, PARTITION_OFFSET } from "./_partition.ts";
import {
  makeQemuDisk,
  QEMU_BOOT_MS,
  qemuTest,
  withQemuBoot,
} from "./_qemu_case.ts";

const VM = {
  vmId: "dddddddd-bbbb-4bbb-8bbb-dddddddddddd",
  computerName: "grown-vm",
};

/** The disk of the VM, which its image is smaller than. */
const DISK_MIB = 3072;

/** Two more programs work at a disk while others are emulated as well. */
const PATIENCE_MS = 3 * QEMU_BOOT_MS;

/** What of the disk its tables may keep. */
const KEPT_MIB = 8;

const RESOURCE_DISK_MIB = 64;

/** QEMU has no disks of Hyper-V: its controller is known by the number that virtio has for it. */
const HYPER_V_CONTROLLER =
  'ATTRS{device_id}=="{f8b3781a-1e82-4818-a1c3-63d806ec15bb}"';
const QEMU_CONTROLLER = 'ATTRS{device}=="0x0008"';

const RECIPES: readonly Recipe[] = [
  {
    ...recipe("disks-bookworm", "systemd"),
    ...NETWORKD,
    packages: ["udev", "kmod", "mount"],
  },
  {
    ...recipe("disks-trixie", "systemd"),
    ...NETWORKD,
    suite: "trixie",
    packages: ["udev", "kmod", "mount", "systemd-repart"],
  },
];

const missing = missingProgram(["dumpe2fs", "systemd-repart"]);
if (missing !== undefined) {
  console.error(
    `Tests of disks that grow are skipped: they need the program "${missing}"`,
  );
}

for (const made of RECIPES) {
  growTest(
    `${made.name} under QEMU: the recipe for disks, as it is printed, grows the root file system, and makes swap on the resource disk if there is one`,
    async () => {
      await using folder = await temporaryFolder();
      const secondDisk = `${folder.path}/resource-disk`;
      await makePartition(secondDisk, "linux-generic", RESOURCE_DISK_MIB);
      const { opticalModules } = await stockKernel();
      await using disk = await makeQemuDisk(made, {
        files: [],
        links: [],
        folder: opticalModules,
        finish: runRecipe,
      }, "partition");
      await succeed("truncate", ["--size", `${DISK_MIB}M`, disk.image]);
      assertEquals(await sizeMiB(disk) < DISK_MIB / 2, true);

      const first = await boot(disk, secondDisk);
      assertEquals(first.ready, 1, first.journal);
      const grown = await sizeMiB(disk);
      assert(grown > DISK_MIB - KEPT_MIB, `${grown} MiB\n${first.journal}`);
      assertEquals(await hasSwap(secondDisk), true, first.journal);
      assertSwapIsUsed(first.journal, 1);

      // A size without a resource disk has no swap, and waits for none.
      const second = await boot(disk);
      assertEquals(second.ready, 0, second.journal);
      assertEquals(await sizeMiB(disk), grown);
      assertSwapIsUsed(second.journal, 1);
    },
  );
}

function growTest(name: string, test: () => Promise<void>): void {
  if (missing === undefined) qemuTest(name, test);
  else Deno.test({ name, ignore: true, fn: test }); // As is said above.
}

/** Does what the page says. */
async function runRecipe(tree: string): Promise<void> {
  const page = await readPage("docs/image-builders.md");
  const [, script] = /```sh\n([\s\S]*?)```/
    .exec(sectionOf(page, "## What a first boot also wants"))!;
  assertStringIncludes(script!, HYPER_V_CONTROLLER);
  const { code, stderr } = await run("env", [
    `TREE=${tree}`,
    "sh",
    "-euc",
    script!.replace(HYPER_V_CONTROLLER, QEMU_CONTROLLER),
  ]);
  assertEquals(code, 0, stderr);
}

/** Boots until the program and the recipe's units are done. */
async function boot(
  disk: Disk,
  secondDisk?: string,
): Promise<{ ready: number; journal: string }> {
  const options = {
    hardware: AZURE,
    platform: VM,
    ...(secondDisk === undefined ? {} : { secondDisk }),
  };
  const ready = await withQemuBoot(disk, options, async (boot) => {
    await boot.until(
      "the unit is done",
      () => boot.heardAll(["started", "done", "recorded"]),
      PATIENCE_MS,
    );
    const units = ["grow-root", ...(secondDisk ? ["resource-disk-swap"] : [])];
    await boot.until(
      `${units.join(" and ")} are done`,
      () => units.every((unit) => boot.console().includes(`Finished ${unit}`)),
      PATIENCE_MS,
    );
    await boot.powerOff();
    return (await boot.platform.stop()).ready.length;
  });
  const journal = await succeed("journalctl", [
    `--directory=${await disk.read()}/var/log/journal`,
    "--output=cat",
    "--no-pager",
  ]);
  return { ready, journal };
}

async function sizeMiB(disk: Disk): Promise<number> {
  const said = await succeed("dumpe2fs", ["-h", disk.fileSystem]);
  const count = (name: string) =>
    Number(new RegExp(`^${name}: +(\\d+)$`, "m").exec(said)![1]);
  return count("Block count") * count("Block size") / 1024 / 1024;
}

async function hasSwap(image: string): Promise<boolean> {
  using file = await Deno.open(image);
  await file.seek(PARTITION_OFFSET + 4096 - 10, Deno.SeekMode.Start);
  const bytes = new Uint8Array(10);
  await file.read(bytes);
  return new TextDecoder().decode(bytes) === "SWAPSPACE2";
}

/** The kernel says so each time. */
function assertSwapIsUsed(journal: string, times: number): void {
  const said = journal.match(/Adding \d+k swap on \/dev\/sd\w+\./g) ?? [];
  assertEquals(said.length, times, journal);
}
