import { assertEquals } from "@std/assert";
import { assertFirstBootLog } from "../../helpers/assert_first_boot_log.ts";
import { QUIET_MS } from "../_boot_case.ts";
import { hostNameOf } from "../_host_name_of.ts";
import { doneFlagOf } from "../_done_flag.ts";
import { isEnabled } from "../_inits.ts";
import { logOf } from "../_log_of.ts";
import { markOf } from "../_mark_of.ts";
import type { PlatformView } from "../../helpers/boot_platform.ts";
import { sleep } from "../../helpers/wait_until.ts";
import type { Disk } from "./_disk.ts";
import { AZURE } from "./_hardware.ts";
import { machinesFor } from "./_machines.ts";
import type { QemuOptions } from "./_machine.ts";
import type { Word } from "./_serial_agent.ts";
import {
  makeQemuDisk,
  QEMU_BOOT_MS,
  qemuTest,
  withQemuBoot,
} from "./_qemu_case.ts";
import { SSH_STAND_IN, sshStartOf } from "./_ssh_stand_in.ts";

const VM = {
  vmId: "88888888-bbbb-4bbb-8bbb-888888888888",
  computerName: "stock-kernel-vm",
};

/** Another VM, that has the first one's disk. */
const ANOTHER = {
  hardware: { ...AZURE, uuid: "5d5d4544-0042-3510-8052-b4c04f4d3232" },
  platform: {
    vmId: "99999999-bbbb-4bbb-8bbb-999999999999",
    computerName: "captured-vm",
  },
};

for (const { recipe, provisioned } of machinesFor("first boot")) {
  const { name, init } = recipe;

  qemuTest(
    `${name} under QEMU: the first boot of an Azure VM reports Ready once, the second nothing, and a VM from its disk provisions`,
    async () => {
      await using disk = await makeQemuDisk(recipe, SSH_STAND_IN);

      const first = await bootAndWait(disk, provisioned);
      assertEquals(first.view.refusals, []);
      assertEquals(first.view.ready.length, 1, first.view.lines.join("\n"));
      assertEquals(first.view.reports.length, 1, first.view.lines.join("\n"));
      assertEquals(first.hostName, VM.computerName);
      const tree = await disk.read();
      assertEquals(await hostNameOf(tree), VM.computerName);
      assertEquals(await isEnabled(init, tree), true);
      assertEquals(await doneFlagOf(tree), AZURE.uuid);
      const mark = await markOf(tree);
      assertEquals(mark?.vmId, VM.vmId);
      const log = await logOf(init, tree);
      assertFirstBootLog(log);
      if (init === "systemd") {
        assertEquals((await sshStartOf(tree)).hostName, VM.computerName);
      }

      const second = await bootAndWait(disk, [...provisioned, "started"]);
      assertEquals(second.view.lines, [], "requests at the second boot");
      assertEquals(second.hostName, VM.computerName);
      const treeAfter = await disk.read();
      assertEquals(await markOf(treeAfter), mark);
      assertEquals(await isEnabled(init, treeAfter), true);
      assertEquals(
        runsIn(await logOf(init, treeAfter)),
        runsIn(log),
        "the program ran again",
      );

      const third = await bootAndWait(disk, provisioned, ANOTHER);
      assertEquals(third.view.refusals, []);
      assertEquals(third.view.ready.length, 1, third.view.lines.join("\n"));
      assertEquals(third.hostName, ANOTHER.platform.computerName);
      const treeOfAnother = await disk.read();
      assertEquals(
        (await markOf(treeOfAnother))?.vmId,
        ANOTHER.platform.vmId,
      );
      assertEquals(await doneFlagOf(treeOfAnother), ANOTHER.hardware.uuid);
    },
  );
}

/** How often the program has run, by its first line: systemd says, too, that it has skipped it. */
function runsIn(log: readonly string[]): number {
  return log.filter((line) => /^Retrieving goal state/.test(line)).length;
}

/** Boots a disk until the agent has said all of the words, and some time longer. */
async function bootAndWait(
  disk: Disk,
  words: readonly Word[],
  options: QemuOptions = { hardware: AZURE, platform: VM },
): Promise<{ view: PlatformView; hostName: string }> {
  return await withQemuBoot(disk, options, async (boot) => {
    await boot.until(
      `the machine says ${words.join(" and ")}`,
      () => boot.heardAll(words),
      QEMU_BOOT_MS,
    );
    await sleep(QUIET_MS);
    const hostName = await boot.powerOff();
    return { hostName, view: await boot.platform.stop() };
  });
}
