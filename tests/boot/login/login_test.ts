import {
  assert,
  assertEquals,
  assertMatch,
  assertNotEquals,
  assertStringIncludes,
} from "@std/assert";
import { succeed } from "../../helpers/command.ts";
import { BOOT_OBSTACLE } from "../obstacle.ts";
import { busyboxObstacle } from "./busybox.ts";
import {
  type LoginMachine,
  makeLoginMachine,
  publicKey,
  type UserPrograms,
} from "./login_machine.ts";

const USER = "azure";
const BUSYBOX_OBSTACLE = await busyboxObstacle();

if (BUSYBOX_OBSTACLE !== undefined) {
  console.error(
    `Tests of busybox's adduser are skipped: ${BUSYBOX_OBSTACLE}`,
  );
}

function loginTest(
  name: string,
  programs: UserPrograms,
  test: (machine: LoginMachine) => Promise<void>,
): void {
  Deno.test({
    name: `${programs}: ${name}`,
    ignore: BOOT_OBSTACLE !== undefined ||
      (programs === "busybox" && BUSYBOX_OBSTACLE !== undefined),
    fn: async () => {
      await using machine = await makeLoginMachine(programs);
      await test(machine);
    },
  });
}

/** Runs the program with a platform that names a user and the key `right`. */
async function runWith(
  machine: LoginMachine,
  script: string,
  { user = USER, keys }: { user?: string; keys?: readonly string[] } = {},
) {
  await using _platform = await machine.startPlatform([
    `--admin-username=${user}`,
    ...(keys ?? [await publicKey(machine, "right")])
      .map((key) => `--public-key=${key}`),
  ]);
  return await machine.run(script);
}

/** Runs it, and sees to it that it works. */
async function mustRun(
  machine: LoginMachine,
  script: string,
  options?: Parameters<typeof runWith>[2],
): Promise<string> {
  const { code, stdout, stderr } = await runWith(machine, script, options);
  assertEquals(code, 0, stderr);
  return stdout;
}

/** What is in /etc and /home, and when it was changed. */
async function stateOf({ tree }: LoginMachine): Promise<string> {
  return await succeed("sh", [
    "-euc",
    'cd "$0"; find etc home -printf "%p %U:%G %m %s %T@ %l\\n" | sort',
    tree,
  ]);
}

async function lineOf(
  { tree }: LoginMachine,
  file: string,
  name = USER,
): Promise<string | undefined> {
  const text = await Deno.readTextFile(`${tree}/etc/${file}`);
  return text.split("\n").find((line) => line.startsWith(`${name}:`));
}

async function assertLogsIn(
  machine: LoginMachine,
  user = USER,
): Promise<void> {
  // A locked account is refused by an sshd without PAM.
  for (const sshd of ["", "-o UsePAM=no"]) {
    const right = await machine.logIn({ user, key: "right", sshd });
    assertEquals(right.stdout, `${user}\n`, `${sshd}: ${right.stderr}`);
    const wrong = await machine.logIn({ user, key: "wrong", sshd });
    assertNotEquals(wrong.code, 0);
    assertMatch(wrong.stderr, /Permission denied/);
  }
}

for (const programs of ["shadow", "busybox"] as const) {
  loginTest(
    "a login with the right key works, with another it does not, and passwords are off",
    programs,
    async (machine) => {
      const before = await machine.logIn({ user: USER, key: "right" });
      assertStringIncludes(before.stderr, "(publickey,password)");

      assertEquals(
        await mustRun(machine, '"$0" user; "$0" ssh-keys'),
        `Admin user "${USER}" made\nSSH keys of "${USER}" written: 1; passwords are off in sshd\n`,
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
        `Admin user "${USER}" was there already\nSSH keys of "${USER}" were there already; passwords are off in sshd\n`,
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
    "what is cut off anywhere is completed by the next run",
    programs,
    async (machine) => {
      for (let ms = 60; ms < 700; ms += 40) {
        await runWith(
          machine,
          `timeout -s KILL ${ms / 1000} "$0" user || :; timeout -s KILL ${
            ms / 1000
          } "$0" ssh-keys || :`,
        );
      }
      await mustRun(machine, '"$0" user; "$0" ssh-keys');
      await assertLogsIn(machine);
      const names = await Array.fromAsync(Deno.readDir(`${machine.tree}/home`));
      assertEquals(names.map((it) => it.name), [USER]);
    },
  );

  loginTest(
    "what useradd or adduser was cut off from is completed",
    programs,
    async (machine) => {
      const { tree } = machine;
      await mustRun(machine, '"$0" user; "$0" ssh-keys');
      const shadow = await Deno.readTextFile(`${tree}/etc/shadow`);
      for (const line of ["azure:!:1:0:99999:7:::\n", ""]) {
        await Deno.writeTextFile(
          `${tree}/etc/shadow`,
          shadow.replace(/^azure:.*\n/m, line),
        );
        await succeed("rm", ["-r", `${tree}/home/azure`]);
        await Deno.mkdir(`${tree}/home/azure`, { mode: 0 });
        if (programs === "busybox" && line === "") continue;
        await mustRun(machine, '"$0" user; "$0" ssh-keys');
        await assertLogsIn(machine);
      }
    },
  );

  loginTest(
    "what a program that was cut off left beside the accounts keeps no user from being made",
    programs,
    async (machine) => {
      const left = programs === "busybox"
        ? ["passwd+", "group+", "shadow+"]
        : ["passwd.lock", "group.lock", "shadow.lock", "subuid.lock"];
      for (const name of left) {
        // The process 1 is there, and no program that changes accounts.
        const text = name.startsWith("group") ? "1" : "";
        await Deno.writeTextFile(`${machine.tree}/etc/${name}`, text);
      }
      await mustRun(machine, '"$0" user; "$0" ssh-keys');
      await assertLogsIn(machine);
      const there = await Array.fromAsync(Deno.readDir(`${machine.tree}/etc`));
      assertEquals(
        there.map((it) => it.name).filter((it) => left.includes(it)),
        [],
      );
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

for (
  const [user, reason] of [
    ["root", "it is the system's own user"],
    ["-rf", 'it starts with "-", not with a letter or "_"'],
    ["daemon", "the system has an account of that name"],
    ["nobody", "the system has an account of that name"],
    ["a:0:0", "it holds ':'"],
  ] as const
) {
  loginTest(
    `the name "${user}" is refused, and nothing is changed`,
    "shadow",
    async (machine) => {
      const state = await stateOf(machine);
      for (const command of ["user", "ssh-keys"]) {
        const { code, stderr } = await runWith(machine, `"$0" ${command}`, {
          user,
        });
        assertEquals(code, 65);
        assertStringIncludes(
          stderr,
          `"${user}" cannot be the admin user: ${reason}`,
        );
      }
      assertEquals(await stateOf(machine), state);
    },
  );
}

loginTest(
  "a name that is a group of the system's gets none of its rights",
  "shadow",
  async (machine) => {
    await mustRun(machine, '"$0" user', { user: "shadow" });
    const { stdout } = await machine.run("id -Gn shadow");
    assertEquals(stdout, "users adm sudo\n");
  },
);

loginTest(
  "what is no key is refused by its number, and the others are in",
  "shadow",
  async (machine) => {
    const { code, stderr } = await runWith(
      machine,
      '"$0" user; "$0" ssh-keys',
      {
        keys: [
          `command="id" ${await publicKey(machine, "wrong")}`,
          await publicKey(machine, "right"),
          "ssh-rsa secret",
        ],
      },
    );
    assertEquals(code, 65);
    assertStringIncludes(
      stderr,
      "key 1: it has options in front of the key; key 3: its body is not base64; give the VM keys",
    );
    assertEquals(stderr.includes("secret"), false);
    await assertLogsIn(machine);
  },
);

for (
  const [what, script, key] of [
    [
      "a .ssh that leads out of the home",
      "ln -s /root /home/azure/.ssh",
      '"/home/azure/.ssh" with keys: it is a symbolic link',
    ],
    [
      "an authorized_keys that leads out of the home",
      "install -d -o azure -g azure -m 700 /home/azure/.ssh; ln -s /root/.bashrc /home/azure/.ssh/authorized_keys",
      "authorized_keys",
    ],
    [
      "a home that leads elsewhere",
      "rm -r /home/azure; ln -s /root /home/azure",
      "way to the keys",
    ],
    [
      "a home elsewhere",
      "usermod -d /root azure",
      'The home "/root" of "azure" is not below /home',
    ],
  ] as const
) {
  loginTest(
    `${what} is refused, and nothing is written there`,
    "shadow",
    async (machine) => {
      await mustRun(machine, '"$0" user');
      await machine.run(script);
      const root = await succeed("ls", ["-laR", `${machine.tree}/root`]);
      const state = await stateOf(machine);
      const { code, stderr } = await runWith(machine, '"$0" ssh-keys');
      assertEquals(code, 78, stderr);
      assertStringIncludes(stderr, key);
      assertEquals(await stateOf(machine), state);
      assertEquals(await succeed("ls", ["-laR", `${machine.tree}/root`]), root);
    },
  );
}

for (const by of ["sudo", "doas"] as const) {
  for (const user of ["azure", "ALL"]) {
    loginTest(
      `"${user}" alone becomes root by ${by} where that is asked for`,
      "shadow",
      async (machine) => {
        const { tree } = machine;
        if (by === "doas") await Deno.remove(`${tree}/usr/bin/sudo`);
        await machine.run("useradd -m other");
        assertEquals(
          await mustRun(
            machine,
            '"$0" user --admin-sudo; "$0" ssh-keys >/dev/null',
            { user },
          ),
          `Admin user "${user}" made; becomes root by ${by}\n`,
        );
        const { stdout, stderr } = await machine.logIn({
          user,
          key: "right",
          command: `${by} -n id -un`,
        });
        assertEquals(stdout, "root\n", stderr);
        const other = await machine.run(`su other -c '${by} -n id -un'`);
        assertNotEquals(other.code, 0);
        const state = await stateOf(machine);
        await mustRun(machine, '"$0" user --admin-sudo', { user });
        assertEquals(await stateOf(machine), state);
      },
    );
  }
}

loginTest(
  "where it is not asked for, nobody becomes root",
  "shadow",
  async (machine) => {
    await mustRun(machine, '"$0" user; "$0" ssh-keys');
    const { code } = await machine.logIn({
      user: USER,
      key: "right",
      command: "sudo -n id -un",
    });
    assertNotEquals(code, 0);
  },
);

loginTest(
  "without a program for it, the command says what is missing",
  "none",
  async (machine) => {
    const { code, stderr } = await runWith(machine, '"$0" user');
    assertEquals(code, 78);
    assertStringIncludes(
      stderr,
      `Cannot make the admin user "${USER}": neither useradd nor busybox's adduser is installed; install one in the image`,
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
      "sshd may take passwords, although the VM was made without",
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
    assertStringIncludes(stderr, 'The shell "/bin/zsh" that is configured');
    assertMatch((await lineOf(machine, "passwd", "second"))!, /:\/bin\/bash$/);
  },
);
