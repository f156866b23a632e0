import {
  assert,
  assertEquals,
  assertMatch,
  assertStringIncludes,
} from "@std/assert";
import { succeed } from "../../helpers/command.ts";
import {
  assertLogsIn,
  lineOf,
  loginTest,
  mustRun,
  runWith,
  stateOf,
  USER,
} from "./_login_case.ts";
import { publicKey } from "./_login_machine.ts";

for (const programs of ["shadow", "busybox"] as const) {
  loginTest(
    "a login with the right key works, with another it does not, and passwords are off",
    programs,
    async (machine) => {
      const before = await machine.logIn({ user: USER, key: "right" });
      assertStringIncludes(before.stderr, "(publickey,password)");

      assertEquals(
        await mustRun(machine, '"$0" user; "$0" ssh-keys'),
        `Created admin user "${USER}"\nSSH keys of "${USER}" written: 1; passwords are off in sshd\n`,
      );
      await assertLogsIn(machine);
      const wrong = await machine.logIn({ user: USER, key: "wrong" });
      assertStringIncludes(wrong.stderr, "(publickey)");

      assertMatch(
        (await lineOf(machine, "passwd"))!,
        /:\/home\/azure:\/bin\/bash$/,
      );
      assertMatch((await lineOf(machine, "shadow"))!, /^azure:\*:/);
      const { stdout } = await machine.logIn({
        user: USER,
        key: "right",
        command:
          "pwd; touch mine; stat -c %a:%U:%G .ssh .ssh/authorized_keys; id -Gn",
      });
      assertEquals(
        stdout,
        `/home/azure\n700:azure:azure\n600:azure:azure\nazure adm sudo\n`,
      );

      const state = await stateOf(machine);
      assertEquals(
        await mustRun(machine, '"$0" user; "$0" ssh-keys'),
        `Admin user "${USER}" already exists\nSSH keys of "${USER}" are already installed; passwords are off in sshd\n`,
      );
      assertEquals(await stateOf(machine), state);

      // The control: what "!" in place of "*" would do.
      await machine.run("sed -i 's/^azure:[*]:/azure:!:/' /etc/shadow");
      const locked = await machine.logIn({
        user: USER,
        key: "right",
        sshd: "-o UsePAM=no",
      });
      assertMatch(locked.stderr, /Permission denied/);
    },
  );

  loginTest(
    "provision makes the user and its keys before Ready, and a key that is none is NotReady",
    programs,
    async (machine) => {
      const key = await publicKey(machine, "right");
      const provision = async (keys: readonly string[]) => {
        await using platform = await machine.startPlatform([
          `--admin-username=${USER}`,
          ...keys.map((it) => `--public-key=${it}`),
        ]);
        const { code, stderr } = await machine.run('"$0"');
        return { code, stderr, ...await platform.stop() };
      };
      const failed = await provision([key, "ssh-rsa AAAA"]);
      assertEquals(failed.code, 65, failed.stderr);
      assertEquals(failed.ready, []);
      assertStringIncludes(
        failed.lines.join("\n") + failed.stderr,
        "ssh_key_invalid: Cannot use SSH keys of the instance metadata: key 2: its body is cut off, or too long",
      );
      const done = await provision([key]);
      assertEquals(done.code, 0, done.stderr);
      assertEquals(done.ready.length, 1);
      await assertLogsIn(machine);
    },
  );

  loginTest(
    "an existing user is adopted, and not broken",
    programs,
    async (machine) => {
      const { tree } = machine;
      const add = async (file: string, line: string) => {
        await Deno.writeTextFile(`${tree}/etc/${file}`, line, { append: true });
      };
      await add("passwd", "azure:x:1234:1234:Mine:/home/elsewhere:/bin/sh\n");
      await add("group", "azure:x:1234:\nmine:x:1235:azure\n");
      await add("shadow", "azure:$6$salt$hash:19000:0:99999:7:::\n");
      const home = `${tree}/home/elsewhere`;
      await Deno.mkdir(`${home}/.ssh`, { recursive: true });
      await Deno.copyFile(
        `${tree}/keys/wrong.pub`,
        `${home}/.ssh/authorized_keys`,
      );
      await succeed("chown", ["-R", "1234:1234", home]);
      await Deno.chmod(home, 0o750);
      const before = await Promise.all(
        ["passwd", "shadow"].map((file) => lineOf(machine, file)),
      );
      await mustRun(machine, '"$0" user; "$0" ssh-keys');
      assertEquals(
        await Promise.all(
          ["passwd", "shadow"].map((file) => lineOf(machine, file)),
        ),
        before,
      );
      assertEquals((await Deno.stat(home)).mode! & 0o777, 0o750);
      for (const key of ["right", "wrong"]) {
        const { stdout } = await machine.logIn({
          user: USER,
          key,
          command: "id -Gn",
        });
        assertEquals(stdout, "azure adm sudo mine\n");
      }
    },
  );
}

loginTest(
  "without a program for it, the command says what is missing",
  "none",
  async (machine) => {
    const { code, stderr } = await runWith(machine, '"$0" user');
    assertEquals(code, 78);
    assertStringIncludes(
      stderr,
      `Cannot create the admin user "${USER}": neither useradd nor busybox's adduser is installed; install one in the image`,
    );
    assert(await lineOf(machine, "passwd") === undefined);
  },
);

loginTest(
  "an sshd_config without the folder is left alone, and it is said",
  "shadow",
  async (machine) => {
    const path = `${machine.tree}/etc/ssh/sshd_config`;
    await Deno.writeTextFile(path, "PasswordAuthentication yes\n");
    const { code, stderr } = await runWith(machine, '"$0" user; "$0" ssh-keys');
    assertEquals(code, 0, stderr);
    assertStringIncludes(
      stderr,
      "sshd may accept passwords, although the VM was created without",
    );
    assertEquals(await Deno.readTextFile(path), "PasswordAuthentication yes\n");
  },
);

loginTest(
  "the shell that is configured is used if it is there",
  "shadow",
  async (machine) => {
    await mustRun(machine, '"$0" user --admin-shell /bin/dash');
    assertMatch((await lineOf(machine, "passwd"))!, /:\/bin\/dash$/);
    const { stderr } = await runWith(
      machine,
      '"$0" user --admin-shell /bin/zsh',
      { user: "second" },
    );
    assertStringIncludes(stderr, 'The shell "/bin/zsh", which is configured');
    assertMatch((await lineOf(machine, "passwd", "second"))!, /:\/bin\/bash$/);
  },
);
