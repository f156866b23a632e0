import { assertEquals, assertStringIncludes } from "@std/assert";
import { loginTest, mustRun, runWith, USER } from "./_login_case.ts";

const SUDO = '"$0" user; "$0" sudo --admin-sudo true; "$0" ssh-keys';

for (
  const [what, arrange] of [
    ["/etc/sudoers.d is missing", "rm -r /etc/sudoers.d"],
    [
      "/etc/sudoers.d is missing and sudoers has the older form",
      "rm -r /etc/sudoers.d; sed -i 's/^@includedir/#includedir/' /etc/sudoers",
    ],
  ] as const
) {
  loginTest(
    `the user becomes root where ${what}`,
    "shadow",
    async (machine) => {
      await machine.run(`set -e; ${arrange}`);
      await mustRun(machine, SUDO);
      const { stdout, stderr } = await machine.logIn({
        user: USER,
        key: "right",
        command: "sudo -n id -un",
      });
      assertEquals(stdout, "root\n", stderr);
      const folder = await machine.run("stat -c '%a %U:%G' /etc/sudoers.d");
      assertEquals(folder.stdout, "750 root:root\n");
    },
  );
}

loginTest(
  "the folder of rules is made where the vendor's sudoers includes it",
  "shadow",
  async (machine) => {
    await machine.run(
      "rm -r /etc/sudoers.d; mkdir -p /usr/etc; mv /etc/sudoers /usr/etc",
    );
    assertEquals(
      await mustRun(
        machine,
        '"$0" user >/dev/null; "$0" sudo --admin-sudo true',
      ),
      '"azure" may become root with sudo, without a password\n',
    );
    const { stdout } = await machine.run(
      "stat -c '%a %U:%G' /etc/sudoers.d/90-azure-provisioning",
    );
    assertEquals(stdout, "440 root:root\n");
  },
);

for (
  const [what, arrange, problem] of [
    [
      "sudoers does not include the folder, which is missing",
      "rm -r /etc/sudoers.d; sed -i /includedir/d /etc/sudoers",
      'sudo does not read /etc/sudoers.d; add "@includedir /etc/sudoers.d" to /etc/sudoers in the image',
    ],
    [
      "sudoers does not include the folder",
      "sed -i /includedir/d /etc/sudoers",
      'sudo does not read /etc/sudoers.d; add "@includedir /etc/sudoers.d" to /etc/sudoers in the image',
    ],
    ["there is no sudoers", "rm /etc/sudoers", "sudo has no /etc/sudoers"],
  ] as const
) {
  loginTest(
    `a warning says that the user cannot become root where ${what}`,
    "shadow",
    async (machine) => {
      await machine.run(`set -e; ${arrange}`);
      const { code, stderr } = await runWith(
        machine,
        '"$0" provision --admin-sudo true',
      );
      assertEquals(code, 0, stderr);
      assertStringIncludes(
        stderr,
        `Warning: sudo: Cannot let "azure" become root: ${problem}`,
      );
    },
  );
}

for (
  const [what, arrange] of [
    ["/etc/ssh/sshd_config.d is missing", "rm -r /etc/ssh/sshd_config.d"],
    [
      "the vendor's sshd_config includes a folder that is missing",
      "rm -r /etc/ssh/sshd_config.d; mkdir -p /usr/etc/ssh; mv /etc/ssh/sshd_config /usr/etc/ssh",
    ],
    [
      "there is no /etc/ssh at all",
      "mkdir -p /usr/etc; mv /etc/ssh /usr/etc/ssh; rm -r /usr/etc/ssh/sshd_config.d",
    ],
    [
      "a pattern of sshd_config matches the folder",
      "rm -r /etc/ssh/sshd_config.d; sed -i 's,^Include.*,Include /etc/s*h/sshd_*.d/*.conf,' /etc/ssh/sshd_config",
    ],
  ] as const
) {
  loginTest(`passwords are off where ${what}`, "shadow", async (machine) => {
    await machine.run(`set -e; ${arrange}`);
    const { code, stdout, stderr } = await runWith(
      machine,
      `umask 077; "$0" user >/dev/null; "$0" ssh-keys
      [ -e /etc/ssh/sshd_config ] || cp /usr/etc/ssh/sshd_config /etc/ssh/
      ls /etc/ssh/ssh_host_rsa_key >/dev/null 2>&1 || ssh-keygen -q -A >/dev/null
      mkdir -p /run/sshd; /usr/sbin/sshd -T | grep -E '^(password|kbdinteractive)auth'
      stat -c '%a %U:%G' /etc/ssh /etc/ssh/sshd_config.d /etc/ssh/sshd_config.d/00-azure-provisioning.conf`,
    );
    assertEquals(code, 0, stderr);
    assertEquals(
      stdout,
      'SSH keys of "azure" written: 1; passwords are off in sshd\n' +
        "passwordauthentication no\nkbdinteractiveauthentication no\n" +
        "755 root:root\n755 root:root\n644 root:root\n",
      stderr,
    );
  });
}
