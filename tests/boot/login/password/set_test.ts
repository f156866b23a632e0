import {
  assert,
  assertEquals,
  assertMatch,
  assertStringIncludes,
} from "@std/assert";
import { PASSWORD } from "../../../media/_ovf_env.ts";
import { loginTest, USER } from "../_login_case.ts";
import {
  assertIsPassword,
  MADE_WITH_PASSWORD,
  provision,
} from "./_password.ts";

const PASSWORDS: Readonly<Record<string, string>> = {
  "as Azure asks for": PASSWORD,
  "with a colon": ":Pa55:word::",
  "with what a shell would run": "$(id >/run/ran) `id` ;'\"\\ & | > *",
  "with blanks around it": "  \tPa55 word \t ",
  "of other letters":
    "\u041f\u0430\u0440\u043e\u043b\u044c-\xdcn\xefc\xf6de-\u5bc6\u7801-\u{1f511}1",
  "of one letter": "x",
  "like a hash": "$6$salt$hash",
  "like options": "-e",
  "that begins a comment": "# Pa55word",
  "of 256 bytes": "0123456789abcdeF".repeat(16),
  "of 511 bytes": `${"0123456789abcdeF".repeat(31)}0123456789abcde`,
  "with XML's own characters": "<a>&amp;]]></a>&#33;",
};

for (const programs of ["shadow", "busybox"] as const) {
  loginTest("a password is set as it is", programs, async (machine) => {
    let number = 0;
    for (const [what, password] of Object.entries(PASSWORDS)) {
      const { code, ready, said } = await provision(machine, {
        password,
        options: `--state-dir /var/lib/azure-provisioning/${++number}`,
        before: "echo azure:other | /usr/sbin/chpasswd -c SHA512 || :",
      });
      assertEquals([code, ready], [0, 1], said);
      assertStringIncludes(
        said,
        `password: password of "${USER}" set; passwords are on in sshd`,
      );
      assert(password.length < 3 || !said.includes(password), said);
      await assertIsPassword(machine, password);
      // ssh takes what askpass prints up to its end of line.
      const { stdout, stderr } = await machine.logIn({ user: USER, password });
      assertEquals(stdout, `${USER}\n`, `${what}: ${stderr}`);
    }
    const wrong = await machine.logIn({ user: USER, password: "Pa55word" });
    assertMatch(wrong.stderr, /Permission denied/);
    const { stdout } = await machine.run("ls /run/ran || :");
    assertEquals(stdout, "");
  });

  loginTest(
    "the owner of a VM with a password becomes root with it",
    programs,
    async (machine) => {
      const { code, said } = await provision(machine, { password: PASSWORD });
      assertEquals(code, 0, said);
      assertStringIncludes(
        said,
        `sudo: "${USER}" may become root with sudo, with a password`,
      );
      // No rule of the image's is left.
      await machine.run("sed -i /%sudo/d /etc/sudoers");
      const ask = (command: string) =>
        machine.logIn({ user: USER, password: PASSWORD, command });
      const without = await ask("sudo -n id -un");
      assertEquals(without.stdout, "");
      const asked = await ask(`echo ${PASSWORD} | sudo -S -p "" id -un`);
      assertEquals(asked.stdout, "root\n", asked.stderr);
      const wrong = await ask("echo other | sudo -S id -un");
      assertEquals(wrong.stdout, "");
    },
  );
}

/**
 * Kills a run a little after its chpasswd has started, and says so; $1 is how long after, in seconds. On a busy machine it may
 * be over before it is seen: each is tried again.
 */
const KILL_WITH_CHPASSWD = `
kill_with_chpasswd() {
  killed=no
  "$program" --ovf-env /run/media.xml &
  run=$!
  while kill -0 "$run" 2>/dev/null; do
    for child in $(cat /proc/"$run"/task/*/children 2>/dev/null); do
      name=
      read -r name 2>/dev/null </proc/"$child"/comm || :
      [ "$name" = chpasswd ] || continue
      sleep "$1"
      kill -KILL "$run" && echo "$1" >>/run/killed && killed=yes
      break 2
    done
  done
  wait "$run" || :
  rm -f /var/lib/azure-provisioning/provisioned.json
}
program=$0
for after in 0 0.005 0.01 0.02 0.04 0.08; do
  for try in 1 2 3 4 5; do
    kill_with_chpasswd "$after"
    [ "$killed" = no ] || break
  done
done`;

for (const programs of ["shadow", "busybox"] as const) {
  loginTest(
    "a run that is killed while it sets the password is completed by the next",
    programs,
    async (machine) => {
      const { code, said } = await provision(machine, {
        password: PASSWORD,
        before: KILL_WITH_CHPASSWD,
        options: "--force",
      });
      assertEquals(code, 0, said);
      const { stdout: kills } = await machine.run("cat /run/killed");
      assert(kills.split("\n").length > 3, `killed after ${kills}`);
      await assertIsPassword(machine, PASSWORD);
      const { stdout } = await machine.run(
        `grep -rlF ${PASSWORD} /etc /home /root /run /tmp /var || :`,
      );
      assertEquals(stdout, "/run/media.xml\n");
    },
  );
}

loginTest(
  "the owner's password replaces that of the image, and once set, it is the user's",
  "shadow",
  async (machine) => {
    await machine.run(
      "useradd -m -s /bin/sh azure; echo azure:images | chpasswd; usermod -L azure",
    );
    const invalid = ["--public-key=ssh-rsa AAAA", MADE_WITH_PASSWORD];
    const failed = await provision(machine, {
      password: PASSWORD,
      args: invalid,
    });
    assertEquals([failed.code, failed.ready], [65, 0], failed.said);
    await assertIsPassword(machine, PASSWORD);
    await machine.run("echo azure:changed-by-the-user | chpasswd");
    const { code, ready, said } = await provision(machine, {
      password: PASSWORD,
    });
    assertEquals([code, ready], [0, 1], said);
    assertStringIncludes(said, `password: "${USER}" has a password`);
    await assertIsPassword(machine, "changed-by-the-user");
    const mark = `${machine.tree}/var/lib/azure-provisioning/password-set.json`;
    assert(!(await Deno.readTextFile(mark)).includes(PASSWORD));
  },
);
