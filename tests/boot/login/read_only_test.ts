import { assertEquals, assertStringIncludes } from "@std/assert";
import { assertLogsIn, loginTest, mustRun, runWith } from "./_login_case.ts";

/** Runs the program where /etc is read-only; $0 is the program. */
const READ_ONLY = "mount --bind /etc /etc; mount -o remount,ro,bind /etc;";

/** The lines of a log that are warnings. */
function warningsIn(log: string): string[] {
  return log.split("\n").filter((line) => line.startsWith("Warning: "));
}

loginTest(
  "a VM whose /etc is read-only is ready, with the name until the next boot, and says what it could not do",
  "shadow",
  async (machine) => {
    const { code, stdout, stderr } = await runWith(
      machine,
      `${READ_ONLY} "$0" provision --admin-sudo true; hostname`,
    );
    assertEquals(code, 0, stderr);
    assertStringIncludes(stderr, "Provisioned: ");
    assertStringIncludes(stdout, "login-vm\n");
    assertEquals(
      warningsIn(stderr).filter((line) => !line.includes("dns: ")),
      [
        'Warning: The host name "login-vm" holds until the next boot only: cannot write "/etc/hostname": Read-only file system (os error 30): open \'/etc/.hostname.azure-provisioning\'; check that /etc is writable',
        'Warning: user: Cannot create the admin user "azure": /etc is read-only; create the user in the image; skipped',
        'Warning: ssh-keys: There is no user "azure" to give keys to; "azure-provisioning user" creates it; skipped',
      ],
    );
  },
);

loginTest(
  "where the user is required, a read-only /etc makes the VM NotReady",
  "shadow",
  async (machine) => {
    const { code, stderr } = await runWith(
      machine,
      `${READ_ONLY} "$0" provision --with user`,
    );
    assertEquals(code, 78, stderr);
    assertStringIncludes(stderr, "/etc is read-only");
  },
);

loginTest(
  "the image's own user gets the keys where /etc is read-only",
  "shadow",
  async (machine) => {
    await machine.run("useradd -m -s /bin/sh azure");
    const { code, stderr } = await runWith(
      machine,
      `${READ_ONLY} "$0" provision --admin-sudo true`,
    );
    assertEquals(code, 0, stderr);
    const warnings = warningsIn(stderr).join("\n");
    assertStringIncludes(
      warnings,
      'The admin user "azure" is not in the groups "adm", "sudo": ',
    );
    assertStringIncludes(
      warnings,
      'Cannot let "azure" become root: /etc is read-only; write the rule in the image',
    );
    assertStringIncludes(warnings, "sshd may accept passwords");
    assertStringIncludes(stderr, 'SSH keys of "azure" written: 1');
    assertStringIncludes(stderr, 'The account "azure" is locked');
    await machine.run("usermod -p '*' azure");
    await assertLogsIn(machine);
  },
);

loginTest(
  "an existing user with everything is adopted without a warning where /etc is read-only",
  "shadow",
  async (machine) => {
    await mustRun(machine, '"$0" provision --admin-sudo true');
    const { code, stderr } = await runWith(
      machine,
      `rm -r /var/lib/azure-provisioning; hostname image; ${READ_ONLY} "$0" provision --admin-sudo true`,
    );
    assertEquals(code, 0, stderr);
    assertEquals(
      warningsIn(stderr).filter((line) => !line.includes("dns: ")),
      [],
    );
  },
);
