import { assertEquals } from "@std/assert";
import { succeed } from "../helpers/command.ts";
import { BOOT_MS, bootTest, withBoot } from "./_boot_case.ts";
import { makeImage } from "./_image.ts";
import { LOGIN_RECIPE, SUDO_RS_RECIPE } from "./_recipes.ts";

const VM = {
  vmId: "aaaaaaaa-cccc-4ccc-8ccc-aaaaaaaaaaaa",
  computerName: "early-boot-vm",
};

/** What systemd looks at in the early boot, and skips in a container: it leaves a line each time. */
const EARLY = "systemd-binfmt.service systemd-machine-id-commit.service";

for (const recipe of [LOGIN_RECIPE, SUDO_RS_RECIPE]) {
  bootTest(
    `${recipe.name}: a first boot has systemd go through the early boot once, not once more to wake hostnamed`,
    async () => {
      await using image = await makeImage(recipe);
      await using machine = await image.makeMachine();
      const { tree } = machine;
      const view = await withBoot(machine, { platform: VM }, async (boot) => {
        await boot.until("the unit is done", () => boot.unitIsDone(), BOOT_MS);
        await boot.powerOff();
        return await boot.platform!.stop();
      });
      assertEquals(view.ready.length, 1, view.lines.join("\n"));
      for (const unit of EARLY.split(" ")) {
        const lines = (await succeed("journalctl", [
          ...["-D", `${tree}/var/log/journal`, "-o", "cat", "-u", unit],
        ])).trim().split("\n");
        assertEquals(lines.length, 1, lines.join("\n"));
      }
      // It was woken all the same.
      const hostnamed = await succeed("journalctl", [
        ...["-D", `${tree}/var/log/journal`, "-o", "cat"],
        ...["-u", "systemd-hostnamed.service"],
      ]);
      assertEquals(hostnamed.match(/^Started systemd-hostnamed/gm)?.length, 1);
    },
  );
}
