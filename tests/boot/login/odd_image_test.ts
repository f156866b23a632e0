import { assertEquals, assertStringIncludes } from "@std/assert";
import { run, succeed } from "../../helpers/command.ts";
import { SSH_KEYS } from "../../helpers/ssh_keys.ts";
import { BOOT_MS, bootTest, withBoot } from "../_boot_case.ts";
import { makeImage } from "../_image.ts";
import { logOf } from "../_log_of.ts";
import { LOGIN_RECIPE } from "../_recipes.ts";

const VM = {
  vmId: "88888888-eeee-4eee-8eee-888888888888",
  computerName: "login-vm",
};
const KEY = SSH_KEYS.ed25519!;

for (
  const [what, arrange, home] of [
    [
      "/home is a link to var/home, and drop-in folders are missing",
      "mv home var/home; ln -s var/home home; rm -r etc/sudoers.d etc/ssh/sshd_config.d",
      "var/home/azure",
    ],
    [
      "/home is missing, and ids start at 500",
      "rm -r home; sed -Ei 's/^([UG]ID_MIN).*/\\1 500/; s/^([UG]ID_MAX).*/\\1 999/' etc/login.defs",
      "home/azure",
    ],
    [
      "HOME of useradd is a folder that is missing and cannot be created",
      "echo HOME=/export/home >>etc/default/useradd",
      "home/azure",
    ],
    [
      "/home is a link to a folder elsewhere",
      "mkdir opt/data; mv home opt/data/home; ln -s opt/data/home home",
      "opt/data/home/azure",
    ],
    [
      "HOME of useradd is below /usr",
      "mkdir usr/home; echo HOME=/usr/home >>etc/default/useradd",
      "usr/home/azure",
    ],
    [
      "HOME of useradd is a folder in /srv that is missing",
      "echo HOME=/srv/people >>etc/default/useradd",
      "srv/people/azure",
    ],
  ] as const
) {
  bootTest(`the hardened unit makes the admin user where ${what}`, async () => {
    await using image = await makeImage(LOGIN_RECIPE);
    await using machine = await image.makeMachine();
    const { tree } = machine;
    await succeed("sh", ["-euc", `cd "$0"; ${arrange}`, tree]);
    await Deno.writeTextFile(
      `${tree}/etc/azure-provisioning.conf`,
      "with = user, ssh-keys\nadmin-sudo = true\n",
    );
    const platform = {
      ...VM,
      args: ["--admin-username=azure", `--public-key=${KEY}`],
    };
    await withBoot(machine, { platform }, async (boot) => {
      await boot.until("the unit is done", () => boot.unitIsDone(), BOOT_MS);
      const log = (await logOf("systemd", tree)).join("\n");
      assertEquals(boot.platform!.seen().ready.length, 1, log);
      await boot.powerOff();
    });
    const log = (await logOf("systemd", tree)).join("\n");
    for (
      const line of [
        'user: Created admin user "azure"',
        'sudo: "azure" may become root with sudo, without a password',
        'ssh-keys: SSH keys of "azure" written: 1; passwords are off in sshd',
      ]
    ) {
      assertStringIncludes(log, line);
    }
    const { stdout, stderr } = await run("sh", [
      "-uc",
      `cd "$0"; cat ${home}/.ssh/authorized_keys; stat -c '%a %u' $(dirname ${home}); ls etc/sudoers.d/90-* etc/ssh/sshd_config.d/00-*`,
      tree,
    ]);
    assertEquals(
      stdout,
      `${KEY}\n755 0\netc/ssh/sshd_config.d/00-azure-provisioning.conf\netc/sudoers.d/90-azure-provisioning\n`,
      stderr,
    );
  });
}
