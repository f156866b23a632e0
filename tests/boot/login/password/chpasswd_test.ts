import {
  assert,
  assertEquals,
  assertMatch,
  assertStringIncludes,
} from "@std/assert";
import { PASSWORD } from "../../../media/_ovf_env.ts";
import { lineOf, loginTest } from "../_login_case.ts";
import { provision } from "./_password.ts";

loginTest(
  "without chpasswd, a VM without keys is not ready",
  "shadow",
  async (machine) => {
    await Deno.remove(`${machine.tree}/usr/sbin/chpasswd`);
    const { code, ready, said } = await provision(machine, { password: "a" });
    assertEquals([code, ready], [73, 0], said);
    assertStringIncludes(said, `"chpasswd" is not installed`);
  },
);

loginTest(
  "where PAM refuses the password, the reason is there and the password is not",
  "shadow",
  async (machine) => {
    await Deno.writeTextFile(
      `${machine.tree}/etc/pam.d/chpasswd`,
      "password required pam_deny.so\n",
    );
    const { code, ready, said } = await provision(machine, {
      password: PASSWORD,
    });
    assertEquals([code, ready], [73, 0], said);
    assertMatch(
      said,
      /password_not_set: .*chpasswd: .*pam_chauthtok\(\) failed/,
    );
    assert(!said.includes(PASSWORD.slice(0, 8)), said);
    await Deno.writeTextFile(
      `${machine.tree}/usr/sbin/chpasswd`,
      "#!/bin/sh\ncat >&2; exit 1\n",
    );
    const loud = await provision(machine, { password: PASSWORD });
    assertEquals([loud.code, loud.ready], [73, 0], loud.said);
    assertStringIncludes(loud.said, "a message that is not for the log");
    assert(!loud.said.includes(PASSWORD.slice(0, 8)), loud.said);
  },
);

for (
  const [what, script, reason, status = 73] of [
    [
      "makes weak hashes only",
      "case $* in *-e*) exec busybox chpasswd -e ;; esac\nexec busybox chpasswd -c des",
      "password_not_set: .*it makes no hash but a weak one",
    ],
    [
      "succeeds and does nothing",
      "exec cat >/dev/null",
      "password_not_set: .*it succeeded, but did not change the password",
    ],
    ["hangs", "exec sleep 100", "part_timed_out: ", 75],
  ] as const
) {
  loginTest(
    `a chpasswd that ${what} leaves no password, and a VM without keys is not ready`,
    "busybox",
    async (machine) => {
      const path = `${machine.tree}/usr/sbin/chpasswd`;
      await Deno.remove(path);
      await Deno.writeTextFile(path, `#!/bin/sh\n${script}\n`);
      await Deno.chmod(path, 0o755);
      // The user is there, and not locked.
      await machine.run(
        "busybox adduser -D azure; echo 'azure:*' | busybox chpasswd -e",
      );
      const { code, ready, said } = await provision(machine, {
        password: PASSWORD,
        options: "--timeout 5",
      });
      assertEquals([code, ready], [status, 0], said);
      assertMatch(said, new RegExp(reason));
      assertMatch((await lineOf(machine, "shadow"))!, /^azure:\*:/);
    },
  );
}
