import { assertEquals } from "@std/assert";
import { assertFirstBootLog } from "../helpers/assert_first_boot_log.ts";
import { doneFlagOf } from "./_done_flag.ts";
import { BOOT_MS, bootTest, QUIET_MS, withBoot } from "./_boot_case.ts";
import { makeImage } from "./_image.ts";
import { isEnabled } from "./_inits.ts";
import { install } from "./_install.ts";
import { logOf } from "./_log_of.ts";
import { markOf } from "./_mark_of.ts";
import { PLAIN_RECIPE } from "./_recipes.ts";
import { sleep } from "../helpers/wait_until.ts";

const VM = {
  vmId: "aaaaaaaa-dddd-4ddd-8ddd-aaaaaaaaaaaa",
  computerName: "two-inits-vm",
};
const UUID = "4c4c4544-0042-3510-8052-b4c04f4d3232";
const { init } = PLAIN_RECIPE;

bootTest(
  "systemd with a SysV script of the same name beside its unit: one Ready, from the unit",
  async () => {
    await using image = await makeImage(PLAIN_RECIPE);
    await using machine = await image.makeMachine();
    const { tree } = machine;
    await install(tree, "sysv");
    assertEquals(await isEnabled("systemd", tree), true);
    assertEquals(await isEnabled("sysv", tree), true);

    const view = await withBoot(
      machine,
      { platform: VM, uuid: UUID },
      async (boot) => {
        await boot.until("the unit is done", () => boot.unitIsDone(), BOOT_MS);
        await sleep(QUIET_MS);
        assertEquals(boot.programRuns(), false);
        assertEquals(await boot.powerOff(), VM.computerName);
        return await boot.platform!.stop();
      },
    );
    assertEquals(view.refusals, []);
    assertEquals(view.ready.length, 1, view.lines.join("\n"));
    assertEquals(view.reports.length, 1, view.lines.join("\n"));
    assertEquals((await markOf(tree))?.vmId, VM.vmId);
    assertEquals(await doneFlagOf(tree), UUID);
    assertEquals(await isEnabled("sysv", tree), true, "the unit touched it");
    const log = await logOf(init, tree);
    assertFirstBootLog(log);
    assertEquals(log.filter((line) => /Failed/.test(line)), []);

    const later = await withBoot(
      machine,
      { platform: VM, uuid: UUID },
      async (boot) => {
        await boot.until("the unit is done", () => boot.unitIsDone(), BOOT_MS);
        await sleep(QUIET_MS);
        await boot.powerOff();
        return await boot.platform!.stop();
      },
    );
    assertEquals(later.lines, [], "requests at the second boot");
    assertEquals(await logOf("sysv", tree), [""], "the script has run");
  },
);
