import { assertEquals, assertMatch } from "@std/assert";
import { doneFlagOf } from "./_done_flag.ts";
import { BOOT_MS, bootTest, withBoot } from "./_boot_case.ts";
import { makeImage } from "./_image.ts";
import { logOf } from "./_log_of.ts";
import { markOf } from "./_mark_of.ts";
import { putFiles } from "./_put_files.ts";
import { PLAIN_RECIPE } from "./_recipes.ts";

const VM = {
  vmId: "33333333-cccc-4ccc-8ccc-333333333333",
  computerName: "patient-vm",
};
const UUID = "4c4c4544-0042-3510-8052-b4c04f4d3232";
const { init } = PLAIN_RECIPE;

/** How long the program may try in the tests where nothing helps. */
const SHORT_TIMEOUT_S = 8;

/** The program gives up by itself; the unit's own limit is for one that hangs. */
const SHORT_TIMEOUT = {
  path: "/etc/systemd/system/azure-provisioning.service.d/short.conf",
  text: "[Service]\nExecStart=\n" +
    `ExecStart=/usr/local/bin/azure-provisioning --timeout ${SHORT_TIMEOUT_S}\n`,
};

bootTest(
  "a platform that refuses for 30 s, then answers 503, then 410: the first boot reports Ready all the same",
  async () => {
    await using image = await makeImage(PLAIN_RECIPE);
    await using machine = await image.makeMachine();
    const platform = {
      ...VM,
      faults: ["late-start=30", "503=2", "410@health=1"],
    };
    const view = await withBoot(
      machine,
      { platform, uuid: UUID },
      async (boot) => {
        await boot.until("the unit is done", () => boot.unitIsDone(), BOOT_MS);
        await boot.powerOff();
        return await boot.platform!.stop();
      },
    );
    assertEquals(view.ready.length, 1, view.lines.join("\n"));
    assertEquals(view.refusals, []);
    const answers = view.lines.join("\n");
    assertMatch(answers, /-> 503 .*fault 503/);
    assertMatch(answers, /comp=health -> 410 .*fault 410/);
    assertEquals(await doneFlagOf(machine.tree), UUID);
    assertMatch(
      (await logOf(init, machine.tree)).join("\n"),
      /Try 1 to get the goal state .*connection refused; next try in/i,
    );
  },
);

for (
  const { fault, reason } of [
    {
      fault: "hang",
      reason:
        /^Error: Cannot get the goal state\b.* 168\.63\.129\.16\b.*time is up/m,
    },
    {
      fault: "refuse",
      reason:
        /^Error: Cannot get the goal state\b.* 168\.63\.129\.16\b.*connection refused.*time is up/im,
    },
  ]
) {
  bootTest(
    `a platform that never answers (${fault}): the unit fails in time and says why, and runs again at the next boot`,
    async () => {
      await using image = await makeImage(PLAIN_RECIPE);
      await using machine = await image.makeMachine();
      const { tree } = machine;
      await putFiles(tree, [SHORT_TIMEOUT]);
      const ill = { platform: { ...VM, faults: [fault] }, uuid: UUID };
      const seconds = await withBoot(machine, ill, async (boot) => {
        await boot.until(
          "the program runs",
          () => boot.programRuns() || boot.unitIsDone(),
          BOOT_MS,
        );
        const start = performance.now();
        await boot.until("the unit is done", () => boot.unitIsDone(), BOOT_MS);
        const seconds = (performance.now() - start) / 1000;
        await boot.powerOff();
        assertEquals((await boot.platform!.stop()).reports, []);
        return seconds;
      });
      assertEquals(
        seconds < SHORT_TIMEOUT_S + 10,
        true,
        `the unit took ${seconds} s`,
      );
      const log = (await logOf(init, tree)).join("\n");
      assertMatch(log, reason);
      assertMatch(
        log,
        /^Error: .*; packets to 168\.63\.129\.16 go through "eth0" \(10\.77\.0\.5, gateway 10\.77\.0\.1, route 0\.0\.0\.0\/0\)/m,
        "the sandbox lets it see the routes",
      );
      assertMatch(
        log,
        /^azure-provisioning\.service: Failed with result 'exit-code'/m,
      );
      assertEquals(await markOf(tree), undefined);
      assertEquals(
        await doneFlagOf(tree),
        undefined,
        "success is recorded",
      );

      const view = await withBoot(
        machine,
        { platform: VM, uuid: UUID },
        async (boot) => {
          await boot.until(
            "the unit is done",
            () => boot.unitIsDone(),
            BOOT_MS,
          );
          await boot.powerOff();
          return await boot.platform!.stop();
        },
      );
      assertEquals(view.ready.length, 1, view.lines.join("\n"));
      assertEquals((await markOf(tree))?.vmId, VM.vmId);
      assertEquals(await doneFlagOf(tree), UUID);
    },
  );
}
