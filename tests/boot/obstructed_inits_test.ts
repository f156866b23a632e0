import { assertEquals } from "@std/assert";
import { TALK } from "./_agent.ts";
import { BOOT_MS, bootTest, withBoot } from "./_boot_case.ts";
import { makeImage } from "./_image.ts";
import { INIT_RECIPES } from "./_recipes.ts";

const VM = {
  vmId: "77777777-bbbb-4bbb-8bbb-777777777777",
  computerName: "obstructed-vm",
};

/** Machines that keep nothing. */
const OBSTACLES: Readonly<Record<string, readonly string[]>> = {
  "with a read-only root and a full /var/lib": [
    "--read-only",
    "--tmpfs=/var/lib:size=4k,nr_inodes=1",
  ],
  "with a full /var and a full /tmp": [
    "--tmpfs=/var:size=4k,nr_inodes=1",
    "--tmpfs=/tmp:size=4k,nr_inodes=1",
  ],
};

for (const recipe of INIT_RECIPES.filter(({ init }) => init !== "systemd")) {
  for (const [name, nspawn] of Object.entries(OBSTACLES)) {
    bootTest(
      `${recipe.name}: a machine ${name} reports Ready once at each boot`,
      async () => {
        await using image = await makeImage(recipe);
        await using machine = await image.makeMachine();
        const talk = `${machine.tree}/../talk`;
        await Deno.mkdir(`${machine.tree}${TALK}`, { recursive: true });
        for (const _ of ["first", "second"]) {
          await Deno.mkdir(talk, { recursive: true });
          const options = {
            platform: VM,
            talk,
            nspawn: [...nspawn, `--bind=${talk}:${TALK}`],
          };
          await withBoot(machine, options, async (boot) => {
            await boot.until(
              "Ready",
              () => boot.platform!.seen().ready.length > 0,
              BOOT_MS,
            );
            await boot.until(
              "the program is done",
              () => !boot.programRuns(),
              BOOT_MS,
            );
            const view = await boot.platform!.stop();
            assertEquals(view.refusals, []);
            assertEquals(view.reports.length, 1, view.lines.join("\n"));
          });
        }
      },
    );
  }
}
