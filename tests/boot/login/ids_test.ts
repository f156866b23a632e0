import { assertEquals, assertStringIncludes } from "@std/assert";
import {
  assertLogsIn,
  lineOf,
  loginTest,
  mustRun,
  runWith,
} from "./_login_case.ts";

const BOTH = '"$0" user; "$0" ssh-keys';

for (
  const [what, arrange] of [
    [
      "login.defs counts from 500",
      "sed -Ei 's/^([UG]ID_MIN).*/\\1 500/; s/^([UG]ID_MAX).*/\\1 999/' /etc/login.defs",
    ],
    [
      "login.defs counts from 5000",
      "sed -Ei 's/^([UG]ID_MIN).*/\\1 5000/' /etc/login.defs",
    ],
    ["there is no login.defs", "rm /etc/login.defs"],
    [
      "the image's own user has the id 500",
      "useradd -u 500 -m -s /bin/bash azure",
    ],
    [
      "the image's own user has an id below UID_MIN",
      "sed -Ei 's/^(UID_MIN).*/\\1 5000/' /etc/login.defs; useradd -u 1000 -m -s /bin/bash azure",
    ],
  ] as const
) {
  loginTest(`the user logs in where ${what}`, "shadow", async (machine) => {
    await machine.run(`set -e; ${arrange}`);
    await mustRun(machine, BOTH);
    // Another run finds what the first one made.
    await mustRun(machine, BOTH);
    await assertLogsIn(machine);
  });
}

loginTest(
  "a new user with a service's name and a low id is not refused afterwards",
  "shadow",
  async (machine) => {
    await machine.run(
      "sed -Ei 's/^([UG]ID_MIN).*/\\1 500/; s/^([UG]ID_MAX).*/\\1 999/' /etc/login.defs",
    );
    await mustRun(machine, BOTH, { user: "git" });
    assertEquals(
      (await lineOf(machine, "passwd", "git"))?.split(":")[2]?.length,
      3,
    );
    await assertLogsIn(machine, "git");
  },
);

for (
  const [name, arrange, why] of [
    ["git", "useradd -u 480 -m -s /bin/bash git", " (it is a well-known one)"],
    [
      "systemd-x",
      "useradd -u 480 -m -s /bin/bash systemd-x",
      " (it is a well-known one)",
    ],
    ["app", "useradd -u 480 -m -s /usr/sbin/nologin app", ""],
    ["app", "useradd -u 480 -d /var/lib/app -s /bin/bash app", ""],
    [
      "app",
      "useradd -u 480 -m -s /bin/bash app; mkdir -p /usr/lib/sysusers.d; echo 'u app 480 - /home/app /bin/bash' >/usr/lib/sysusers.d/app.conf",
      ' ("/usr/lib/sysusers.d/app.conf" lists it)',
    ],
    [
      "app",
      "useradd -u 480 -m -s /bin/bash app; printf '[Service]\\nUser=app\\n' >/etc/systemd/system/app.service",
      ' ("/etc/systemd/system/app.service" runs as it)',
    ],
    [
      "sshd",
      "useradd -r -d /run/sshd -s /usr/sbin/nologin sshd || true; sed -Ei 's/^(UID_MIN).*/\\1 100/' /etc/login.defs",
      "",
    ],
    ["www-data", "true", ""],
  ] as const
) {
  loginTest(
    `"${name}" is refused after: ${arrange}`,
    "shadow",
    async (machine) => {
      await machine.run(`set -e; ${arrange}`);
      for (const command of ["user", "ssh-keys"]) {
        const { code, stderr } = await runWith(machine, `"$0" ${command}`, {
          user: name,
        });
        assertEquals(code, 65, stderr);
        assertStringIncludes(
          stderr,
          `"${name}" cannot be the admin user: the system has an account of that name${why};`,
        );
      }
    },
  );
}
