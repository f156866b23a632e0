import { assertEquals } from "@std/assert";
import { loginTest, mustRun } from "./_login_case.ts";

/** What stands for restorecon: it logs, and gives what it is asked for a label. */
const RESTORECON = `#!/bin/sh
echo "$*" >>/tmp/labels
`;

for (const by of ["sudo", "doas"] as const) {
  for (const programs of ["shadow", "busybox"] as const) {
    loginTest(
      `every file and folder of the system's that is written is labelled, with ${by}`,
      programs,
      async (machine) => {
        const { tree } = machine;
        await Deno.writeTextFile(`${tree}/usr/sbin/restorecon`, RESTORECON);
        await Deno.chmod(`${tree}/usr/sbin/restorecon`, 0o755);
        if (by === "doas") await Deno.remove(`${tree}/usr/bin/sudo`);
        await machine.run("rm -r /etc/ssh/sshd_config.d /etc/sudoers.d");
        await mustRun(machine, '"$0" provision --admin-sudo true');
        assertEquals(
          (await Deno.readTextFile(`${tree}/tmp/labels`)).trimEnd().split("\n"),
          [
            "/etc/hostname /etc/hosts",
            "-R /home/azure",
            ...by === "doas"
              ? ["/etc/doas.conf"]
              : ["/etc/sudoers.d", "/etc/sudoers.d/90-azure-provisioning"],
            "/home/azure/.ssh /home/azure/.ssh/authorized_keys",
            "/etc/ssh/sshd_config.d",
            "/etc/ssh/sshd_config.d/00-azure-provisioning.conf",
          ],
        );
        await Deno.remove(`${tree}/tmp/labels`);
        await mustRun(
          machine,
          'rm -r /var/lib/azure-provisioning; "$0" provision --admin-sudo true; touch /tmp/labels',
        );
        assertEquals(await Deno.readTextFile(`${tree}/tmp/labels`), "");
      },
    );
  }
}
