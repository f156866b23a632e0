import {
  assert,
  assertEquals,
  assertMatch,
  assertNotEquals,
  assertStringIncludes,
} from "@std/assert";
import type { CommandResult } from "../../helpers/command.ts";
import { ovfEnvXml } from "../../media/_ovf_env.ts";
import { lineOf, loginTest, USER } from "./_login_case.ts";
import { type LoginMachine, publicKey } from "./_login_machine.ts";

/** What the platform calls a VM that is made with a password. */
const MADE_WITH_PASSWORD = "--allow-passwords";

/** What a first boot had to do, and how it ended. */
interface FirstBoot extends CommandResult {
  /** How often the platform was told that the VM is ready. */
  readonly ready: number;
  /** All that the program and the platform said. */
  readonly said: string;
}

/** Provisions a machine whose media say these things. */
async function provision(
  machine: LoginMachine,
  { password, args = [MADE_WITH_PASSWORD], options = "", before = "" }: {
    readonly password?: string;
    readonly args?: readonly string[];
    readonly options?: string;
    readonly before?: string;
  },
): Promise<FirstBoot> {
  await Deno.writeTextFile(
    `${machine.tree}/run/media.xml`,
    ovfEnvXml({
      HostName: "login-vm",
      UserName: USER,
      ...(password === undefined ? {} : { UserPassword: escaped(password) }),
    }),
  );
  await using platform = await machine.startPlatform([
    `--admin-username=${USER}`,
    ...args,
  ]);
  const result = await machine.run(
    `${before}\n"$0" --ovf-env /run/media.xml ${options}`,
  );
  const { ready, lines } = await platform.stop();
  const said = [result.stdout, result.stderr, ...lines].join("\n");
  return { ...result, ready: ready.length, said };
}

function escaped(text: string): string {
  return text.replace(/[&<>\r\n\t]/g, (it) => `&#${it.charCodeAt(0)};`);
}

/** The password's hash as the system has it, made anew from a password and its salt. */
async function assertIsPassword(
  machine: LoginMachine,
  password: string,
): Promise<void> {
  const [, hash] = (await lineOf(machine, "shadow"))!.split(":");
  assertMatch(hash!, /^\$(?:y|6)\$/);
  const { stdout } = await machine.run(
    `perl -e 'print crypt(pack("H*", $ARGV[0]), $ARGV[1])' ${
      hexOf(password)
    } '${hash}'`,
  );
  assertEquals(stdout, hash);
}

function hexOf(text: string): string {
  return [...new TextEncoder().encode(text)]
    .map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

const PASSWORDS: Readonly<Record<string, string>> = {
  "as Azure asks for": "Pa55word-of-nobody",
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
      const password = "Pa55word-of-nobody";
      const { code, said } = await provision(machine, { password });
      assertEquals(code, 0, said);
      assertStringIncludes(
        said,
        `sudo: "${USER}" may become root with sudo, with a password`,
      );
      // No rule of the image's is left.
      await machine.run("sed -i /%sudo/d /etc/sudoers");
      const ask = (command: string) =>
        machine.logIn({ user: USER, password, command });
      const without = await ask("sudo -n id -un");
      assertEquals(without.stdout, "");
      const asked = await ask(`echo ${password} | sudo -S -p "" id -un`);
      assertEquals(asked.stdout, "root\n", asked.stderr);
      const wrong = await ask("echo other | sudo -S id -un");
      assertEquals(wrong.stdout, "");
    },
  );
}

for (
  const [what, password, args, code, reason] of [
    [
      "with a line break",
      "Pa55\nroot:word",
      [],
      65,
      "password_invalid: .*: it has a line break",
    ],
    [
      "with a carriage return",
      "Pa55word\r",
      [],
      65,
      "password_invalid: .*: it has a line break",
    ],
    [
      "of 512 bytes",
      "0123456789abcdeF".repeat(32),
      [],
      65,
      "password_invalid: .*: it has 512 bytes, and the most is 511",
    ],
    ["that is missing", undefined, [], 65, "password_absent: "],
    ["that is empty", "", [], 65, "password_absent: "],
    ["that another agent took away", "REDACTED", [], 65, "password_absent: "],
  ] as const
) {
  loginTest(
    `a VM without keys is not ready with a password ${what}`,
    "shadow",
    async (machine) => {
      const result = await provision(machine, {
        ...(password === undefined ? {} : { password }),
        args: [MADE_WITH_PASSWORD, ...args],
      });
      assertEquals([result.code, result.ready], [code, 0], result.said);
      assertMatch(result.said, new RegExp(reason));
      assertMatch((await lineOf(machine, "shadow"))!, /^azure:\*:/);
      assertMatch((await lineOf(machine, "shadow", "root"))!, /^root:\*:/);
    },
  );
}

loginTest(
  "a VM with keys is ready without its password, and told why",
  "shadow",
  async (machine) => {
    const args = [
      MADE_WITH_PASSWORD,
      `--public-key=${await publicKey(machine, "right")}`,
    ];
    const password = "Pa55\nword";
    const required = await provision(machine, {
      password,
      args,
      options: "--with password",
    });
    assertEquals([required.code, required.ready], [65, 0], required.said);
    const { code, ready, said } = await provision(machine, { password, args });
    assertEquals([code, ready], [0, 1], said);
    assertMatch(said, /warning: Cannot set the password .* a line break/i);
    // Nobody knows a password that sudo could ask for.
    const { stdout } = await machine.logIn({
      user: USER,
      key: "right",
      command: "sudo -n id -un",
    });
    assertEquals(stdout, "root\n");
  },
);

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
    const password = "Pa55word-of-nobody";
    await Deno.writeTextFile(
      `${machine.tree}/etc/pam.d/chpasswd`,
      "password required pam_deny.so\n",
    );
    const { code, ready, said } = await provision(machine, { password });
    assertEquals([code, ready], [73, 0], said);
    assertMatch(
      said,
      /password_not_set: .*chpasswd: .*pam_chauthtok\(\) failed/,
    );
    await Deno.writeTextFile(
      `${machine.tree}/usr/sbin/chpasswd`,
      "#!/bin/sh\ncat >&2; exit 1\n",
    );
    const loud = await provision(machine, { password });
    assertEquals([loud.code, loud.ready], [73, 0], loud.said);
    assertStringIncludes(loud.said, "a message that is not for the log");
    assert(!loud.said.includes(password.slice(0, 8)), loud.said);
  },
);

loginTest(
  "a system that makes weak hashes makes a strong one, and keeps no weak one",
  "shadow",
  async (machine) => {
    const password = "Pa55word-of-nobody";
    await Deno.writeTextFile(
      `${machine.tree}/etc/pam.d/chpasswd`,
      "password required pam_unix.so des\n",
    );
    const { code, said } = await provision(machine, { password });
    assertEquals(code, 0, said);
    await assertIsPassword(machine, password);
    assertMatch((await lineOf(machine, "shadow-"))!, /^azure:\$6\$/);
  },
);

for (
  const [what, make] of [
    ["a wrapper", `printf '#!/bin/sh\nexec busybox chpasswd "$@"' >chpasswd`],
    ["a hard link", "cp -l /bin/busybox chpasswd"],
  ]
) {
  loginTest(
    `${what} that is busybox's chpasswd makes a strong hash, and keeps no weak one`,
    "busybox",
    async (machine) => {
      const password = "Pa55word-of-nobody";
      const before = `cd /usr/sbin; rm chpasswd; ${make}; chmod +x chpasswd`;
      const { code, said } = await provision(machine, { password, before });
      assertEquals(code, 0, said);
      await assertIsPassword(machine, password);
      const kept = await lineOf(machine, "shadow-");
      assertMatch(kept!, /^azure:(\$6\$|\*:)/);
    },
  );
}

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
        password: "Pa55word-of-nobody",
        options: "--timeout 5",
      });
      assertEquals([code, ready], [status, 0], said);
      assertMatch(said, new RegExp(reason));
      assertMatch((await lineOf(machine, "shadow"))!, /^azure:\*:/);
    },
  );
}

for (const programs of ["shadow", "busybox"] as const) {
  loginTest(
    "a run that is killed while it sets the password is completed by the next",
    programs,
    async (machine) => {
      const password = "Pa55word-of-nobody";
      const kill = [];
      for (let ms = 200; ms < 900; ms += 50) {
        kill.push(
          `timeout -s KILL ${ms / 1000} "$0" --ovf-env /run/media.xml || :`,
          "rm -f /var/lib/azure-provisioning/provisioned.json",
        );
      }
      const { code, said } = await provision(machine, {
        password,
        before: kill.join("\n"),
        options: "--force",
      });
      assertEquals(code, 0, said);
      await assertIsPassword(machine, password);
      const { stdout } = await machine.run(
        "grep -rlF Pa55word-of-nobody /etc /home /root /run /tmp /var || :",
      );
      assertEquals(stdout, "/run/media.xml\n");
    },
  );
}

loginTest(
  "the owner's password replaces that of the image, and once set, it is the user's",
  "shadow",
  async (machine) => {
    const password = "Pa55word-of-nobody";
    await machine.run(
      "useradd -m -s /bin/sh azure; echo azure:images | chpasswd; usermod -L azure",
    );
    const invalid = ["--public-key=ssh-rsa AAAA", MADE_WITH_PASSWORD];
    const failed = await provision(machine, { password, args: invalid });
    assertEquals([failed.code, failed.ready], [65, 0], failed.said);
    await assertIsPassword(machine, password);
    await machine.run("echo azure:changed-by-the-user | chpasswd");
    const { code, ready, said } = await provision(machine, { password });
    assertEquals([code, ready], [0, 1], said);
    assertStringIncludes(said, `password: "${USER}" has a password`);
    await assertIsPassword(machine, "changed-by-the-user");
    const mark = `${machine.tree}/var/lib/azure-provisioning/password-set.json`;
    assert(!(await Deno.readTextFile(mark)).includes(password));
  },
);

loginTest(
  "sshd takes the password although the image says no, and not where the VM is made without",
  "shadow",
  async (machine) => {
    const password = "Pa55word-of-nobody";
    await Deno.writeTextFile(
      `${machine.tree}/etc/ssh/sshd_config.d/60-cloudimg-settings.conf`,
      "PasswordAuthentication no\n",
    );
    // It is of an earlier VM.
    await Deno.writeTextFile(
      `${machine.tree}/etc/ssh/sshd_config.d/00-azure-provisioning.conf`,
      "PasswordAuthentication no\nKbdInteractiveAuthentication no\n",
    );
    const on = await provision(machine, { password });
    assertEquals(on.code, 0, on.said);
    const { stdout, stderr } = await machine.logIn({ user: USER, password });
    assertEquals(stdout, `${USER}\n`, stderr);

    await Deno.remove(`${machine.tree}/var/lib/azure-provisioning`, {
      recursive: true,
    });
    const key = await publicKey(machine, "right");
    const off = await provision(machine, {
      password,
      args: [`--public-key=${key}`],
    });
    assertEquals(off.code, 0, off.said);
    assertStringIncludes(off.said, `password: password of "${USER}" set\n`);
    await assertIsPassword(machine, password);
    const refused = await machine.logIn({ user: USER, password });
    assertNotEquals(refused.code, 0);
    const taken = await machine.logIn({ user: USER, key: "right" });
    assertEquals(taken.stdout, `${USER}\n`);
  },
);
