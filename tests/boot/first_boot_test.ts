import { assertEquals } from "@std/assert";
import { assertFirstBootLog } from "../helpers/assert_first_boot_log.ts";
import { BOOT_MS, bootTest, QUIET_MS, withBoot } from "./_boot_case.ts";
import { doneFlagOf } from "./_done_flag.ts";
import type { PlatformView } from "../helpers/boot_platform.ts";
import { capture, type Machine, makeImage } from "./_image.ts";
import { hostNameOf } from "./_host_name_of.ts";
import { type InitName, isEnabled } from "./_inits.ts";
import { generalize } from "./_install.ts";
import { logOf } from "./_log_of.ts";
import { markOf } from "./_mark_of.ts";
import { INIT_RECIPES } from "./_recipes.ts";
import { IMAGE_HOST_NAME } from "./_roots.ts";
import { sleep } from "../helpers/wait_until.ts";

/** A VM, as the platform and its own firmware know it. */
interface Vm {
  readonly vmId: string;
  readonly computerName: string;
  /** The UUID in its SMBIOS, if it has one. */
  readonly uuid?: string;
}

const FIRST: Vm = {
  vmId: "11111111-aaaa-4aaa-8aaa-111111111111",
  computerName: "first-vm",
  uuid: "11111111-1aaa-4aaa-8aaa-111111111111",
};
const SECOND: Vm = {
  vmId: "22222222-bbbb-4bbb-8bbb-222222222222",
  computerName: "second-vm",
  uuid: "22222222-2bbb-4bbb-8bbb-222222222222",
};
const THIRD: Vm = {
  vmId: "33333333-cccc-4ccc-8ccc-333333333333",
  computerName: "third-vm",
};

for (const recipe of INIT_RECIPES) {
  const { name, init } = recipe;

  bootTest(
    `${name}: the first boot reports Ready once, later ones nothing, and a captured VM provisions anew, generalised or not`,
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

      const second = await laterBoot(init, machine, FIRST);
      assertEquals(second.lines, [], "requests at the second boot");
      assertEquals(await markOf(tree), mark);
      assertEquals(await hostNameOf(tree), FIRST.computerName);

      // As it is: the mark and the flag are another VM's.
      await using copied = await capture(machine);
      await assertFirstBoot(init, copied, SECOND);
      const later = await laterBoot(init, copied, SECOND);
      assertEquals(later.lines, [], "requests at the copy's second boot");

      await using captured = await capture(machine);
      await generalize(captured.tree);
      assertEquals(await markOf(captured.tree), undefined);
      assertEquals(await doneFlagOf(captured.tree), undefined);
      await assertFirstBoot(init, captured, SECOND);
    },
  );

  bootTest(
    `${name}: without a UUID the program asks at every boot, and its mark decides`,
    async () => {
      await using image = await makeImage(recipe);
      await using machine = await image.makeMachine();
      await assertFirstBoot(init, machine, THIRD);
      const mark = await markOf(machine.tree);
      const later = await laterBoot(init, machine, THIRD, true);
      assertEquals(later.lines.length > 0, true, "it did not ask");
      assertEquals(later.reports, [], later.lines.join("\n"));
      assertEquals(await markOf(machine.tree), mark);
    },
  );
}

/** Boots a machine that has to provision, and checks everything that both sides have of it. */
async function assertFirstBoot(
  init: InitName,
  machine: Machine,
  vm: Vm,
): Promise<void> {
  const { tree } = machine;
  const [runningName, view] = await withBoot(
    machine,
    optionsFor(vm),
    async (boot) => {
      await boot.until(
        "the test's agent has started",
        () => boot.started(),
        BOOT_MS,
      );
      await boot.until(
        "the program is done, and that is recorded",
        async () =>
          (await markOf(tree))?.vmId === vm.vmId && !boot.programRuns() &&
          (vm.uuid === undefined || await doneFlagOf(tree) === vm.uuid) &&
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
  assertEquals(await doneFlagOf(tree), vm.uuid);
  assertEquals(await isEnabled(init, tree), true, "it left the boot");

  assertFirstBootLog(await logOf(init, tree));
}

/** Boots a machine that has been provisioned, and watches it for a while. */
async function laterBoot(
  init: InitName,
  machine: Machine,
  vm: Vm,
  asks = false,
): Promise<PlatformView> {
  return await withBoot(machine, optionsFor(vm), async (boot) => {
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
    if (asks) {
      await boot.until(
        "the program asks",
        () => boot.platform!.seen().lines.length > 0 && !boot.programRuns(),
        BOOT_MS,
      );
    }
    await sleep(QUIET_MS);
    assertEquals(boot.programRuns(), false, "the program runs at a later boot");
    await boot.powerOff();
    return await boot.platform!.stop();
  });
}

function optionsFor({ uuid, ...platform }: Vm) {
  return uuid === undefined ? { platform } : { platform, uuid };
}
