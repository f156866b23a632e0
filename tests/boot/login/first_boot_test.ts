import { assertEquals, assertStringIncludes } from "@std/assert";
import { run, succeed } from "../../helpers/command.ts";
import { inNamespace } from "../../helpers/network.ts";
import { tempDir } from "../../helpers/temp_dir.ts";
import type { Boot } from "../_boot.ts";
import { BOOT_MS, bootTest, withBoot } from "../_boot_case.ts";
import { makeImage } from "../_image.ts";
import { logOf } from "../_log_of.ts";
import { LOGIN_RECIPE } from "../_recipes.ts";

const VM = {
  vmId: "88888888-eeee-4eee-8eee-888888888888",
  computerName: "login-vm",
};
const ADDRESS = "10.77.0.5";

/** The VM's UUID in its SMBIOS, as every VM of Azure has one. */
const UUID = "66666666-1aaa-4aaa-8aaa-666666666666";

bootTest(
  "the hardened unit makes the admin user before sshd starts, and the key opens a session at this boot and the next",
  async () => {
    await using keys = await tempDir();
    for (const name of ["right", "wrong"]) {
      await succeed("ssh-keygen", [
        "-q",
        "-t",
        "ed25519",
        "-N",
        "",
        "-f",
        `${keys.path}/${name}`,
      ]);
    }
    const key = (await Deno.readTextFile(`${keys.path}/right.pub`)).trim();
    await using image = await makeImage(LOGIN_RECIPE);
    await using machine = await image.makeMachine();
    await Deno.writeTextFile(
      `${machine.tree}/etc/azure-provisioning.conf`,
      "with = user, sudo, ssh-keys\n",
    );
    const platform = {
      ...VM,
      args: ["--admin-username=azure", `--public-key=${key}`],
    };
    await withBoot(machine, { platform, uuid: UUID }, async (boot) => {
      await boot.until("the unit is done", () => boot.unitIsDone(), BOOT_MS);
      const log = (await logOf("systemd", machine.tree)).join("\n");
      assertEquals(boot.platform!.seen().ready.length, 1, log);
      await assertLogsIn(boot, keys.path);
      await boot.powerOff();
    });
    const log = (await logOf("systemd", machine.tree)).join("\n");
    assertStringIncludes(
      log,
      'sudo: "azure" may become root with sudo, without a password',
    );
    assertStringIncludes(log, 'SSH keys of "azure" written: 1');

    await machine.makeWritable();
    // Nobody answers: a VM that is done asks nobody, so sshd waits for nothing.
    await withBoot(machine, { uuid: UUID }, async (boot) => {
      await boot.until("it has started", () => boot.started(), BOOT_MS);
      await assertLogsIn(boot, keys.path);
      await boot.powerOff();
    });
  },
);

/** Logs in from outside, as soon as sshd listens. */
async function assertLogsIn(boot: Boot, keys: string): Promise<void> {
  const logIn = (key: string) => {
    const [program, ...args] = inNamespace(boot.network.platform, [
      "ssh",
      "-i",
      `${keys}/${key}`,
      "-o",
      "StrictHostKeyChecking=no",
      "-o",
      "UserKnownHostsFile=/dev/null",
      "-o",
      "BatchMode=yes",
      "-o",
      "IdentitiesOnly=yes",
      "-o",
      "LogLevel=ERROR",
      "-F",
      "/dev/null",
      `azure@${ADDRESS}`,
      "id -un; sudo -n id -un; stat -c %a:%U . .ssh .ssh/authorized_keys",
    ]);
    return run(program, args);
  };
  let right = await logIn("right");
  await boot.until("sshd takes the key", async () => {
    if (right.code === 0) return true;
    right = await logIn("right");
    return right.code === 0;
  }, 30_000);
  assertEquals(
    right.stdout,
    "azure\nroot\n755:azure\n700:azure\n600:azure\n",
    right.stderr,
  );
  const wrong = await logIn("wrong");
  assertEquals(wrong.code, 255);
  assertStringIncludes(wrong.stderr, "Permission denied (publickey)");
}
