import { assertEquals, assertStringIncludes } from "@std/assert";
import {
  assertLogsIn,
  loginTest,
  mustRun,
  runWith,
  USER,
} from "./_login_case.ts";

/** Runs both parts, and says what the home looks like; `%n` is the path. */
const BOTH = '"$0" user; "$0" ssh-keys';

for (
  const [what, arrange, home] of [
    [
      "/home is a link to var/home",
      "mv /home /var/home; ln -s var/home /home",
      "/home",
    ],
    [
      "/home is a link to /var/home",
      "mv /home /var/home; ln -s /var/home /home",
      "/home",
    ],
    [
      "/home is a link to a folder elsewhere",
      "mv /home /opt/h; ln -s ../opt/h /home",
      "/home",
    ],
    [
      "/home is a link to a folder that is missing",
      "rmdir /home; ln -s var/home /home",
      "/home",
    ],
    ["/home is missing", "rmdir /home", "/home"],
    [
      "HOME of useradd is /var/home",
      "echo HOME=/var/home >>/etc/default/useradd",
      "/var/home",
    ],
    [
      "HOME of useradd is /usr/home/",
      "mkdir /usr/home; echo HOME=/usr/home/ >>/etc/default/useradd",
      "/usr/home",
    ],
    [
      "HOME of useradd is deeper",
      "echo HOME=/srv/people/home >>/etc/default/useradd",
      "/srv/people/home",
    ],
    [
      "HOME of useradd is the vendor's",
      "rm /etc/default/useradd; mkdir -p /usr/etc/default; echo HOME=/export/home >/usr/etc/default/useradd",
      "/export/home",
    ],
    [
      "HOME of useradd is out of reach",
      "echo HOME=/opt/home >>/etc/default/useradd",
      "/home",
    ],
    [
      "HOME of useradd is no path",
      "echo HOME=home >>/etc/default/useradd",
      "/home",
    ],
    [
      "new homes are open to the group",
      "echo HOME_MODE 0775 >>/etc/login.defs",
      "/home",
    ],
    [
      "new homes are closed to their users",
      "echo HOME_MODE 0000 >>/etc/login.defs",
      "/home",
    ],
  ] as const
) {
  loginTest(`the user logs in where ${what}`, "shadow", async (machine) => {
    await machine.run(arrange);
    const { code, stderr } = await runWith(machine, BOTH);
    assertEquals(code, 0, stderr);
    const { stdout } = await machine.run(
      `getent passwd ${USER} | cut -d: -f6; umask 022; stat -Lc '%a %U' ${home}; stat -c %U ${home}/${USER}`,
    );
    assertEquals(stdout, `${home}/${USER}\n755 root\n${USER}\n`, stderr);
    if (what.includes("reach")) {
      assertStringIncludes(
        stderr,
        'New homes go to "/home": HOME of "/etc/default/useradd" is "/opt/home", where this program may not write',
      );
    }
    await assertLogsIn(machine);
  });
}

for (const link of ["var/home", "/var/home"]) {
  loginTest(
    `busybox makes the home where /home is a link to ${link}`,
    "busybox",
    async (machine) => {
      await machine.run(`mv /home /var/home; ln -s ${link} /home`);
      await mustRun(machine, BOTH);
      await assertLogsIn(machine);
    },
  );
}

for (
  const [what, arrange, problem] of [
    [
      "/home is a link of a user's",
      "mv /home /var/home; ln -s var/home /home; chown -h 1000 /home",
      '"/home" on the way to the keys of "azure": it is a symbolic link of user 1000',
    ],
    [
      "/home is a link to a folder of a user's",
      "mv /home /var/home; ln -s var/home /home; chown 1000 /var/home",
      '"/var/home" on the way to the keys of "azure": it belongs to user 1000',
    ],
    [
      "/home is a link through a folder that a user may write to",
      "mkdir /var/open; chmod 777 /var/open; mv /home /var/open/home; ln -s var/open/home /home",
      '"/var/open" on the way to the keys of "azure": others than its owner may write to it',
    ],
    [
      "/home is a link to a link",
      "mv /home /var/home; ln -s /var/home /var/h; ln -s /var/h /home",
      '"/var/h" on the way to the keys of "azure": it is a second symbolic link',
    ],
    [
      "/home is a link to a sticky folder by a detour",
      "cp -a /home/azure /tmp/azure; mkdir /tmp/x; mv /home /old; ln -s /tmp/x/.. /home",
      '"/tmp" on the way to the keys of "azure": others than its owner may write to it',
    ],
    [
      "the home is out of reach",
      "usermod -d /var/lib/azure -m azure",
      'The home "/var/lib/azure" of "azure" is not below /home, /var/home, ',
    ],
    [
      "the home is /",
      "usermod -d / azure",
      'The home "/" of "azure" is not below /home, ',
    ],
    [
      "the home does not exist",
      "usermod -d /nonexistent azure",
      'The home "/nonexistent" of "azure" is not below /home, ',
    ],
    [
      "the home is no path",
      "sed -i s,/home/azure,home/azure, /etc/passwd",
      'The home "home/azure" of "azure" is not below /home, ',
    ],
  ] as const
) {
  loginTest(`keys are refused where ${what}`, "shadow", async (machine) => {
    await mustRun(machine, '"$0" user');
    await machine.run(`set -e; ${arrange}`);
    const { code, stderr } = await runWith(machine, '"$0" ssh-keys');
    assertEquals(code, 78, stderr);
    assertStringIncludes(stderr, problem);
  });
}

loginTest(
  "an existing user with a home below /srv is adopted",
  "shadow",
  async (machine) => {
    await machine.run("useradd -m -d /srv/azure -s /bin/sh azure");
    await mustRun(machine, BOTH);
    await assertLogsIn(machine);
  },
);

for (
  const [what, mount] of [
    [
      "the home",
      "mount -t tmpfs -o mode=700,uid=1000,gid=1000 none /home/azure",
    ],
    [
      "/home",
      "mkdir /new; mount -t tmpfs -o mode=755 none /new; cp -a /home/. /new; mount --move /new /home",
    ],
  ] as const
) {
  loginTest(
    `keys are written where ${what} is a file system of its own`,
    "shadow",
    async (machine) => {
      await mustRun(machine, '"$0" user');
      const stdout = await mustRun(
        machine,
        `${mount}; "$0" ssh-keys
        stat -c '%a %U' /home/azure /home/azure/.ssh /home/azure/.ssh/authorized_keys
        ls -A /home/azure/.ssh /var/lib/azure-provisioning | grep -vx lock`,
      );
      assertEquals(
        stdout.replace(/^SSH keys.*\n/, ""),
        `${
          what === "/home" ? 755 : 700
        } azure\n700 azure\n600 azure\n/home/azure/.ssh:\nauthorized_keys\n\n/var/lib/azure-provisioning:\n`,
      );
    },
  );
}

loginTest(
  "keys that are there already are enough where the home is read-only, and others are not",
  "shadow",
  async (machine) => {
    await mustRun(machine, BOTH);
    const readOnly =
      "mount --bind /home /home; mount -o remount,ro,bind /home;";
    assertEquals(
      await mustRun(machine, `${readOnly} "$0" user >/dev/null; "$0" ssh-keys`),
      'SSH keys of "azure" are already installed; passwords are off in sshd\n',
    );
    const { code, stderr } = await runWith(
      machine,
      `rm /home/azure/.ssh/authorized_keys; ${readOnly} "$0" ssh-keys`,
    );
    assertEquals(code, 73);
    assertStringIncludes(
      stderr,
      'Cannot write "/home/azure/.ssh/authorized_keys": the file system is read-only',
    );
  },
);
