import { assertEquals, assertMatch } from "@std/assert";
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
import { LOGIN_RECIPE } from "./_recipes.ts";

const VM = {
  vmId: "dddddddd-eeee-4eee-8eee-dddddddddddd",
  computerName: "slow-units-vm",
  args: ["--admin-username=ada", "--allow-passwords"],
};

const MEDIA = passwordMedia(VM.computerName);

const SLOW = "boot-test-slow.service";

/** More than the time for which the media are looked for from the file systems on. */
const SLOW_S = 13;

/** The most that a boot may take if nothing can look for the media, in milliseconds. */
const UNBEGUN_MS = 45_000;

/** A unit that holds up what comes after it. */
async function putSlowUnit(
  tree: string,
  { before, seconds }: { readonly before: string; readonly seconds: number },
): Promise<void> {
  const path = `/etc/systemd/system/${SLOW}`;
  await putFiles(tree, [{
    path,
    text: `[Unit]
DefaultDependencies=no
Before=${before}
[Service]
Type=oneshot
ExecStart=/bin/sleep ${seconds}
`,
  }], [{
    path: `/etc/systemd/system/sysinit.target.wants/${SLOW}`,
    target: path,
  }]);
}

bootTest(
  `${LOGIN_RECIPE.name}: a machine that takes long from its file systems to its services takes the password from a drive that appears with these`,
  async () => {
    await using image = await makeImage(LOGIN_RECIPE);
    await using machine = await image.makeMachine();
    const { tree } = machine;
    await putDrive(tree);
    await putDriver(tree);
    await putSlowUnit(tree, { before: "sysinit.target", seconds: SLOW_S });
    await using medium = await makeMedium(MEDIA, LATE_DRIVE);
    const options = { platform: VM, nspawn: medium.nspawn };
    const view = await withBoot(machine, options, async (boot) => {
      const seen = () => boot.platform!.seen();
      await untilMetadata(boot);
      await showDrive(boot);
      await boot.until("a report", () => seen().reports.length > 0, BOOT_MS);
      await boot.powerOff();
      return await boot.platform!.stop();
    });
    const log = (await logOf("systemd", tree)).join("\n");
    assertEquals(view.ready.length, 1, log);
    assertMatch(await Deno.readTextFile(`${tree}/etc/shadow`), /^ada:\$/m, log);
  },
);

bootTest(
  `${LOGIN_RECIPE.name}: a machine that takes long to decide has the password all the same, and is quiet at the next boot`,
  async () => {
    await using image = await makeImage(LOGIN_RECIPE);
    await using machine = await image.makeMachine();
    const { tree } = machine;
    await putDrive(tree);
    // The first program that the script runs.
    await putFiles(tree, [{
      path: "/usr/local/sbin/dd",
      mode: 0o755,
      text:
        '#!/bin/sh\n[ -e /run/slow ] || { : >/run/slow; sleep 11; }\nexec /bin/dd "$@"\n',
    }]);
    await using medium = await makeMedium(MEDIA);
    const options = {
      platform: VM,
      uuid: "4c4c4544-0042-3510-8052-b4c04f4d8888",
      nspawn: medium.nspawn,
    };
    const boot = () =>
      withBoot(machine, options, async (boot) => {
        await boot.until("the unit is done", () => boot.unitIsDone(), BOOT_MS);
        await boot.powerOff();
        return await boot.platform!.stop();
      });
    const view = await boot();
    const log = (await logOf("systemd", tree)).join("\n");
    assertEquals(view.ready.length, 1, log);
    assertMatch(await Deno.readTextFile(`${tree}/etc/shadow`), /^ada:\$/m, log);
    assertEquals((await boot()).lines, []);
  },
);

bootTest(
  `${LOGIN_RECIPE.name}: a machine whose state folder is mounted after the other file systems keeps what it knows there`,
  async () => {
    await using image = await makeImage(LOGIN_RECIPE);
    await using machine = await image.makeMachine();
    const { tree } = machine;
    const state = "/var/lib/azure-provisioning";
    const late = "/var/lib/late";
    await Deno.mkdir(`${tree}${late}`);
    await Deno.mkdir(`${tree}${state}`);
    await putSlowUnit(tree, { before: "shutdown.target", seconds: 3 });
    await putFiles(tree, [{
      path: "/etc/fstab",
      text: `${late} ${state} none bind,nofail,x-systemd.after=${SLOW} 0 0\n`,
    }]);
    const options = {
      platform: { ...VM, args: [] },
      uuid: "4c4c4544-0042-3510-8052-b4c04f4d9999",
    };
    await withBoot(machine, options, async (boot) => {
      await boot.until("the unit is done", () => boot.unitIsDone(), BOOT_MS);
      await boot.powerOff();
      const { ready } = await boot.platform!.stop();
      assertEquals(ready.length, 1);
    });
    const names = async (path: string) =>
      (await Array.fromAsync(Deno.readDir(`${tree}${path}`), (it) => it.name))
        .filter((name) => /^(boot-done|.*mark.*|provisioned.*)$/.test(name));
    assertEquals(await names(state), []);
    assertEquals((await names(late)).includes("boot-done"), true);
  },
);

bootTest(
  `${LOGIN_RECIPE.name}: a machine whose unit for the media cannot start does not wait as long as for a drive that hangs`,
  async () => {
    await using image = await makeImage(LOGIN_RECIPE);
    await using machine = await image.makeMachine();
    const { tree } = machine;
    await putFiles(tree, [{
      path: "/etc/systemd/system/azure-provisioning-media.service.d/no.conf",
      text: "[Service]\nReadWritePaths=/nowhere/at/all\n",
    }]);
    const options = { platform: { ...VM, args: ["--has-custom-data"] } };
    await withBoot(machine, options, async (boot) => {
      await boot.until("the unit is done", () => boot.unitIsDone(), UNBEGUN_MS);
      await boot.powerOff();
      const { ready } = await boot.platform!.stop();
      assertEquals(ready.length, 1);
    });
  },
);
