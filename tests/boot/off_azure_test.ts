import { assertEquals } from "@std/assert";
import { BOOT_MS, bootTest, QUIET_MS, withBoot } from "./_boot_case.ts";
import { makeImage } from "./_image.ts";
import { isEnabled } from "./_inits.ts";
import { ANYWHERE } from "./_install.ts";
import { markOf } from "./_mark_of.ts";
import { INIT_RECIPES } from "./_recipes.ts";
import { sleep } from "../helpers/wait_until.ts";

const VM = {
  vmId: "77777777-aaaa-4aaa-8aaa-777777777777",
  computerName: "elsewhere",
};

/** systemd has conditions of its own; the other inits share a script. */
const RECIPES = INIT_RECIPES.filter(({ name }) =>
  ["systemd-bookworm", "busybox"].includes(name)
);

/** A machine booted on an Azure VM sees that VM's bus. */
const ON_AZURE = await Deno.stat("/sys/bus/vmbus").then(
  () => true,
  () => false,
);

if (ON_AZURE) {
  console.error(
    "Tests of a boot off Azure are skipped: this is a Hyper-V machine",
  );
}

for (const recipe of ON_AZURE ? [] : RECIPES) {
  bootTest(
    `${recipe.name}: a boot that is not Azure's asks nobody anything, and the unit stays for one that is`,
    async () => {
      await using image = await makeImage(recipe);
      await using machine = await image.makeMachine();
      await Deno.remove(`${machine.tree}${ANYWHERE.path}`);
      const view = await withBoot(machine, { platform: VM }, async (boot) => {
        await boot.until(
          "the test's agent has started",
          () => boot.started(),
          BOOT_MS,
        );
        await sleep(QUIET_MS);
        assertEquals(boot.programRuns(), false, "the program runs off Azure");
        await boot.powerOff();
        return await boot.platform!.stop();
      });
      assertEquals(view.lines, []);
      assertEquals(await markOf(machine.tree), undefined);
      assertEquals(await isEnabled(recipe.init, machine.tree), true);
    },
  );
}
