import { assertEquals, assertMatch } from "@std/assert";
import { loginTest, mustRun } from "./_login_case.ts";

/** Runs a first boot that turns passwords off, and prints what else is asked for. */
const provision = (before: string, after: string) =>
  `${before}
  "$0" provision --log-level debug >/tmp/log 2>&1
  ${after}
  grep -E 'running sshd|start passwords' /tmp/log || :`;

const SLEEP = "sleep 300 & echo $! >/run/sshd.pid";
const SLEEPS = "kill -0 $! && echo unharmed";

for (
  const [what, before, after, said] of [
    ["nothing where no sshd runs", ":", ":", /^$/],
    [
      "no other process, whose number a crashed sshd left",
      SLEEP,
      SLEEPS,
      /^unharmed\n.*"\/run\/sshd\.pid" is not of a running sshd\n$/,
    ],
    [
      "nothing for a number that is nobody's",
      "echo 4194303 >/run/sshd.pid",
      ":",
      /^.*"\/run\/sshd\.pid" is not of a running sshd\n$/,
    ],
    [
      "nothing for a file that has no number",
      `${SLEEP}; echo "-1" >/run/sshd.pid`,
      SLEEPS,
      /^unharmed\n$/,
    ],
    [
      "nothing for a file that has more than a number",
      `${SLEEP}; echo "$! 1" >/run/sshd.pid`,
      SLEEPS,
      /^unharmed\n$/,
    ],
    ["nothing for a pipe", "mkfifo /run/sshd.pid", ":", /^$/],
    ["nothing for an endless file", "ln -s /dev/zero /run/sshd.pid", ":", /^$/],
    [
      "an sshd that runs, and waits until it listens again",
      `mkdir -p /run/sshd; ssh-keygen -A >/dev/null; /usr/sbin/sshd
      until [ -s /run/sshd.pid ]; do sleep 0.1; done; pid=$(cat /run/sshd.pid)`,
      `[ "$(cat /run/sshd.pid)" = "$pid" ] && echo 'as it was'
      ssh -o StrictHostKeyChecking=no -o PreferredAuthentications=none azure@127.0.0.1 2>&1 | grep Permission`,
      /^as it was\nazure@127\.0\.0\.1: Permission denied \(publickey\)\.\r?\n.*The running sshd has read its settings anew\n$/,
    ],
    [
      "what it cannot tell, which it says",
      `mkdir -p /run/sshd; ssh-keygen -A >/dev/null; /usr/sbin/sshd
      until [ -s /run/sshd.pid ]; do sleep 0.1; done
      rm -f /bin/kill /usr/bin/kill`,
      ":",
      /^Warning: The running sshd goes on with its old settings: "kill" is not installed; restart it\n$/,
    ],
  ] as const
) {
  loginTest(
    `the program has sshd read its settings anew: ${what}`,
    "shadow",
    async (machine) => {
      const printed = await mustRun(machine, provision(before, after));
      assertMatch(printed, said);
      const dropIn = await Deno.readTextFile(
        `${machine.tree}/etc/ssh/sshd_config.d/00-azure-provisioning.conf`,
      );
      assertEquals(dropIn.includes("PasswordAuthentication no"), true);
    },
  );
}
