import { assertEquals } from "@std/assert";
import { assertFirstBootLog } from "./assert_first_boot_log.ts";
import { BOOT_MS, bootTest, QUIET_MS, withBoot } from "./boot_case.ts";
import type { PlatformView } from "./platform.ts";
import { capture, type Machine, makeImage } from "./image.ts";
import { hostNameOf } from "./host_name_of.ts";
import { type InitName, isEnabled } from "./inits.ts";
import { generalize } from "./install.ts";
import { logOf } from "./log_of.ts";
import { markOf } from "./mark_of.ts";
import { INIT_RECIPES } from "./recipes.ts";
import { IMAGE_HOST_NAME } from "./roots.ts";
import { sleep } from "./wait_until.ts";

const FIRST = {
  vmId: "11111111-aaaa-4aaa-8aaa-111111111111",
  computerName: "first-vm",
};
const SECOND = {
  vmId: "22222222-bbbb-4bbb-8bbb-222222222222",
  computerName: "second-vm",
};

for (const recipe of INIT_RECIPES) {
  const { name, init } = recipe;

  bootTest(
    `${name}: the first boot reports Ready once, later ones nothing, and a captured VM provisions anew`,
    async () => {
      await using image = await makeImage(recipe);
      await using machine = await image.makeMachine();
      const { tree } = machine;
      assertEquals(await hostNameOf(tree), IMAGE_HOST_NAME);
      assertEquals(
        await isEnabled(init, tree),
        true,
        "enabled before the first boot",
      );

      await assertFirstBoot(init, machine, FIRST);
      const mark = await markOf(tree);

      const second = await laterBoot(init, machine);
      assertEquals(second.lines, [], "requests at the second boot");
      assertEquals(await markOf(tree), mark);
      assertEquals(await hostNameOf(tree), FIRST.computerName);

      await using captured = await capture(machine);
      await generalize(captured.tree);
      assertEquals(await markOf(captured.tree), undefined);
      assertEquals(
        await isEnabled(init, captured.tree),
        true,
        "enabled in the image",
      );
      await assertFirstBoot(init, captured, SECOND);
    },
  );
}

/** Boots a machine that has to provision, and checks everything that both sides have of it. */
async function assertFirstBoot(
  init: InitName,
  machine: Machine,
  vm: { vmId: string; computerName: string },
): Promise<void> {
  const { tree } = machine;
  const [runningName, view] = await withBoot(
    machine,
    { platform: vm },
    async (boot) => {
      await boot.until(
        "the test's agent has started",
        () => boot.started(),
        BOOT_MS,
      );
      await boot.until(
        "the program is done and out of the boot",
        async () =>
          !await isEnabled(init, tree) && !boot.programRuns() &&
          await markOf(tree) !== undefined &&
          (init !== "systemd" || boot.unitIsDone()),
        BOOT_MS,
      );
      const runningName = await boot.powerOff();
      return [runningName, await boot.platform!.stop()] as const;
    },
  );
  assertEquals(view.refusals, []);
  assertEquals(view.ready.length, 1, view.lines.join("\n"));
  assertEquals(view.reports.length, 1, view.lines.join("\n"));
  assertEquals(runningName, vm.computerName);
  assertEquals(await hostNameOf(tree), vm.computerName);
  assertEquals((await markOf(tree))?.vmId, vm.vmId);

  assertFirstBootLog(await logOf(init, tree));
}

/** Boots a machine that has been provisioned, and watches it for a while. */
async function laterBoot(
  init: InitName,
  machine: Machine,
): Promise<PlatformView> {
  return await withBoot(machine, { platform: FIRST }, async (boot) => {
    await boot.until(
      "the test's agent has started",
      () => boot.started(),
      BOOT_MS,
    );
    if (init === "systemd") {
      await boot.until(
        "systemd is done with the unit",
        () => boot.unitIsDone(),
        BOOT_MS,
      );
    }
    await sleep(QUIET_MS);
    assertEquals(boot.programRuns(), false, "the program runs at a later boot");
    await boot.powerOff();
    return await boot.platform!.stop();
  });
}
