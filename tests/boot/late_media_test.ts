import { assertEquals, assertMatch, assertNotMatch } from "@std/assert";
import { sleep } from "../helpers/wait_until.ts";
import { BOOT_MS, bootTest, withBoot } from "./_boot_case.ts";
import { makeImage } from "./_image.ts";
import { logOf } from "./_log_of.ts";
import {
  LATE_DRIVE,
  makeMedium,
  passwordMedia,
  putDrive,
  putDriver,
  showDrive,
  untilMetadata,
} from "./_medium.ts";
import { putFiles } from "./_put_files.ts";
import { LOGIN_RECIPE, SYSV_LOGIN_RECIPE } from "./_recipes.ts";

const VM = {
  vmId: "cccccccc-eeee-4eee-8eee-cccccccccccc",
  computerName: "late-media-vm",
  args: ["--admin-username=ada", "--allow-passwords"],
};

/** How long a boot is watched for a report that comes too early. */
const EARLY_MS = 1_500;

const MEDIA = passwordMedia(VM.computerName);

bootTest(
  `${LOGIN_RECIPE.name}: a VM with a password whose unit cannot start has the password from the fallback, and no copy is left`,
  async () => {
    await using image = await makeImage(LOGIN_RECIPE);
    await using machine = await image.makeMachine();
    const { tree } = machine;
    await putDrive(tree);
    await putFiles(tree, [{
      path: "/etc/systemd/system/azure-provisioning.service.d/obstacle.conf",
      text: "[Service]\nReadWritePaths=/nowhere/at/all\n",
    }]);
    await using medium = await makeMedium(MEDIA);
    const options = { platform: VM, nspawn: medium.nspawn };
    const [view, left] = await withBoot(machine, options, async (boot) => {
      await boot.until("the unit is done", () => boot.unitIsDone(), BOOT_MS);
      const run = `/proc/${boot.firstProcess()}/root/run/azure-provisioning`;
      const left = await Array.fromAsync(
        Deno.readDir(run),
        ({ name }) => name,
      );
      await boot.powerOff();
      return [await boot.platform!.stop(), left] as const;
    });
    assertEquals(view.refusals, []);
    assertEquals(view.ready.length, 1, view.lines.join("\n"));
    assertEquals(left.toSorted(), ["began", "media-unwanted"]);
    assertMatch(await Deno.readTextFile(`${tree}/etc/shadow`), /^ada:\$/m);
  },
);

for (const recipe of [LOGIN_RECIPE, SYSV_LOGIN_RECIPE]) {
  bootTest(
    `${recipe.name}: a VM with a password whose drive appears late is Ready only with the password`,
    async () => {
      await using image = await makeImage(recipe);
      await using machine = await image.makeMachine();
      const { tree } = machine;
      await putDrive(tree);
      await putDriver(tree);
      // There is no module to load: the drive appears when the test says so.
      await putFiles(tree, [{
        path: "/usr/local/sbin/modprobe",
        mode: 0o755,
        text: "#!/bin/sh\nexit 0\n",
      }]);
      await using medium = await makeMedium(MEDIA, LATE_DRIVE);
      const options = { platform: VM, nspawn: medium.nspawn };
      const view = await withBoot(machine, options, async (boot) => {
        const seen = () => boot.platform!.seen();
        await untilMetadata(boot);
        await sleep(EARLY_MS);
        assertEquals(seen().reports, [], "a report without the password");
        await showDrive(boot);
        await boot.until("Ready", () => seen().ready.length > 0, BOOT_MS);
        await boot.powerOff();
        return await boot.platform!.stop();
      });
      const log = (await logOf(recipe.init, tree)).join("\n");
      assertEquals(view.refusals, [], log);
      assertEquals(view.reports.length, 1, view.lines.join("\n"));
      const shadow = await Deno.readTextFile(`${tree}/etc/shadow`);
      assertMatch(shadow, /^ada:\$/m, log);
      assertMatch(log, /Waited \d+ ms for the provisioning media: password/);
    },
  );
}

bootTest(
  `${LOGIN_RECIPE.name}: a VM with a password whose kernel has no driver of drives waits for none`,
  async () => {
    await using image = await makeImage(LOGIN_RECIPE);
    await using machine = await image.makeMachine();
    const view = await withBoot(machine, { platform: VM }, async (boot) => {
      const seen = () => boot.platform!.seen();
      await boot.until("a report", () => seen().reports.length > 0, BOOT_MS);
      await boot.powerOff();
      return await boot.platform!.stop();
    });
    const log = (await logOf("systemd", machine.tree)).join("\n");
    assertEquals([view.ready.length, view.refusals], [0, []], log);
    assertMatch(log, /password/);
    assertNotMatch(log, /Waited \d+ ms for the provisioning media/);
    assertMatch(log, /No provisioning media: the kernel has no driver of /);
  },
);
