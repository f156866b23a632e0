import { assertEquals, assertMatch, assertNotMatch } from "@std/assert";
import { succeed } from "../../helpers/command.ts";
import { QUIET_MS } from "../_boot_case.ts";
import { isEnabled } from "../_inits.ts";
import { logOf } from "../_log_of.ts";
import { markOf } from "../_mark_of.ts";
import { IMAGE_HOST_NAME } from "../_roots.ts";
import { sleep } from "../../helpers/wait_until.ts";
import {
  ANOTHER_CLOUD,
  type Hardware,
  HYPER_V_ELSEWHERE,
} from "./_hardware.ts";
import { machinesFor } from "./_machines.ts";
import {
  makeQemuDisk,
  QEMU_BOOT_MS,
  qemuTest,
  withQemuBoot,
} from "./_qemu_case.ts";
import { SSH_STAND_IN, sshStartOf } from "./_ssh_stand_in.ts";

const VM = {
  vmId: "99999999-cccc-4ccc-8ccc-999999999999",
  computerName: "elsewhere",
};

/** SSH starts beside the test's agent; behind a wait for the network it would be two minutes later. */
const LAG_S = 60;

const PLACES: readonly { name: string; hardware: Hardware; skipped: RegExp }[] =
  [
    {
      name: "without a tag",
      hardware: ANOTHER_CLOUD,
      skipped: /was skipped because (of an unmet condition check|no trigger)/,
    },
    {
      name: "with another Hyper-V's tag",
      hardware: HYPER_V_ELSEWHERE,
      skipped:
        /azure-provisioning\.service .* was skipped because of an unmet condition check \(ConditionPathExists=!\/run\/azure-provisioning\.not-needed\)/,
    },
  ];

for (const { recipe, idle } of machinesFor("off Azure")) {
  const { name, init } = recipe;
  for (const place of PLACES) {
    qemuTest(
      `${name} under QEMU, a machine ${place.name}: the service does nothing and delays nothing, not even without a network`,
      async () => {
        await using disk = await makeQemuDisk(recipe, SSH_STAND_IN);
        const { hardware } = place;
        const [startedS, view] = await withQemuBoot(
          disk,
          { hardware, platform: VM, cable: "nothing" },
          async (boot) => {
            await boot.until(
              `the machine says ${idle.join(" and ")}`,
              () => boot.heardAll(idle),
              QEMU_BOOT_MS,
            );
            await sleep(QUIET_MS);
            assertEquals(boot.heard("recorded"), undefined);
            assertEquals(await boot.powerOff(), IMAGE_HOST_NAME);
            const startedS = Number(boot.heard("started"));
            return [startedS, await boot.platform.stop()] as const;
          },
        );
        assertEquals(view.lines, []);
        const tree = await disk.read();
        assertEquals(await markOf(tree), undefined);
        assertEquals(await isEnabled(init, tree), true);
        if (init !== "systemd") {
          const log = (await logOf(init, tree)).join("\n");
          assertMatch(log, /^This is not Azure: nothing to do/);
          return;
        }
        const ssh = await sshStartOf(tree);
        const lagS = ssh.uptimeS - startedS;
        assertEquals(lagS < LAG_S, true, `SSH started ${lagS} s late`);
        const journal = await succeed("journalctl", [
          `--directory=${tree}/var/log/journal`,
          "--output=cat",
          "--no-pager",
        ]);
        assertMatch(journal, place.skipped);
        assertNotMatch(journal, /network-online\.target|wait-online/);
      },
    );
  }
}
