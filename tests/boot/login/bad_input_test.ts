import { assert, assertEquals, assertMatch } from "@std/assert";
import { ovfEnvXml } from "../../media/_ovf_env.ts";
import { lineOf, loginTest, USER } from "./_login_case.ts";
import { type LoginMachine, publicKey } from "./_login_machine.ts";

/** What a shell that reads it leaves. */
const RAN = "/run/ran";

/** Plays a first boot with what the platform says, and media that say nothing. */
async function provision(
  machine: LoginMachine,
  args: readonly string[],
  userPassword = "",
) {
  await Deno.writeTextFile(
    `${machine.tree}/run/media.xml`,
    ovfEnvXml({ UserName: USER, UserPassword: userPassword }),
  );
  await using platform = await machine.startPlatform(args);
  const { code, stderr } = await machine.run(
    '"$0" --ovf-env /run/media.xml provision --timeout 30',
  );
  const { ready, reports } = await platform.stop();
  return {
    code,
    log: stderr,
    ready: ready.length,
    notReady: reports.filter((line) => line.includes("NotReady")).length,
  };
}

async function assertNothingRan({ tree }: LoginMachine): Promise<void> {
  const ran = await Deno.lstat(`${tree}${RAN}`).then(() => true, () => false);
  assertEquals(ran, false);
}

const NAMES = [
  "a".repeat(256),
  "a".repeat(33),
  "m\xfcller",
  "\u{1f511}",
  "a\nroot::0:0::/:/bin/sh",
  "a:x:0:0::/root:/bin/sh",
  `$(touch ${RAN})`,
  `a;touch ${RAN}`,
  `a\`touch ${RAN}\``,
  "a b",
  "-rf",
  "--help",
  "../azure",
  "a/b",
  "0azure",
  ".azure",
  "a,b",
  "a*",
  "%u",
];

loginTest(
  "a name that is none makes a VM NotReady, and changes nothing of the users",
  "shadow",
  async (machine) => {
    const key = `--public-key=${await publicKey(machine, "right")}`;
    const users = async () => {
      const { stdout } = await machine.run(
        "cd /etc; cat passwd group shadow gshadow; ls sudoers.d ssh/*.d /home",
      );
      return stdout;
    };
    const before = await users();
    for (const name of NAMES) {
      const { code, ready, notReady, log } = await provision(machine, [
        `--admin-username=${name}`,
        key,
      ]);
      const what = `${JSON.stringify(name)}: ${log}`;
      assertEquals([code, ready, notReady], [65, 0, 1], what);
      assertMatch(log, / cannot be the admin user: /, what);
      assertEquals(await users(), before, what);
    }
    await assertNothingRan(machine);
  },
);

loginTest(
  "what is no key makes a VM NotReady, and the right keys are written exactly",
  "shadow",
  async (machine) => {
    const right = await publicKey(machine, "right");
    const [type, body] = right.split(" ");
    const bad = [
      "x".repeat(256),
      "x".repeat(20_000),
      "-----BEGIN OPENSSH PRIVATE KEY-----",
      `ssh-dss ${body}`,
      `${type}-cert-v01@openssh.com ${body}`,
      `command="touch ${RAN}" ${right}`,
      `no-pty ${right}`,
      `${type} ${body}\n${type} ${body}`,
      `${type} $(touch ${RAN})`,
      `${type} ${body!.slice(0, 20)}`,
      `ssh-rsa ${body}`,
      `-${right}`,
      "\u{1f511}",
      "~",
    ];
    for (const key of bad) {
      const { code, ready, notReady, log } = await provision(machine, [
        `--admin-username=${USER}`,
        `--public-key=${key}`,
        `--public-key=${right}`,
      ]);
      const what = `${JSON.stringify(key.slice(0, 80))}: ${log}`;
      assertEquals([code, ready, notReady], [65, 0, 1], what);
      assertMatch(log, /Cannot use SSH keys of the instance metadata: key 1: /);
      assertEquals(
        await Deno.readTextFile(
          `${machine.tree}/home/${USER}/.ssh/authorized_keys`,
        ),
        `${right}\n`,
        what,
      );
    }
    await assertNothingRan(machine);
    const { stdout } = await machine.logIn({ user: USER, key: "right" });
    assertEquals(stdout, `${USER}\n`);
  },
);

/** They are set as they are. */
const PASSWORDS = [
  "   ",
  "\t",
  "!",
  "!!",
  "*LK*",
  "x",
  ":",
  "root:other",
  `${USER}:other`,
  "-c DES",
  "--help",
  "-e",
  "%s%n",
  "$y$j9T$salt$hash",
  "$6$rounds=1000$salt$hash",
  "{CRYPT}x",
  "\\x00\\n",
  `'$(touch ${RAN})'`,
  `\`touch ${RAN}\``,
  "\ufeffPa55word",
  "e\u0301\xe9",
  "a\u2028b\u2029c\x85d",
  "0123456789".repeat(7) + "012",
  "\u{1f511}".repeat(64),
  "\xfc".repeat(255) + "x",
];

/** They are not set at all. */
const NO_PASSWORDS = ["a&#10;root:b", "&#10;", "a&#13;&#10;", "a&#0;b", "a\0b"];

for (const programs of ["shadow", "busybox"] as const) {
  loginTest(
    "a password is set exactly, and logs in, or makes a VM NotReady",
    programs,
    async (machine) => {
      const root = () => lineOf(machine, "shadow", "root");
      const before = await root();
      const args = [`--admin-username=${USER}`, "--allow-passwords"];
      for (const bad of NO_PASSWORDS) {
        const { code, ready, notReady, log } = await provision(
          machine,
          args,
          bad,
        );
        assertEquals([code, ready, notReady], [65, 0, 1], `${bad}: ${log}`);
        assertMatch((await lineOf(machine, "shadow"))!, /^azure:[*!]/);
        assertEquals(await root(), before);
      }
      for (const password of PASSWORDS) {
        await machine.run("rm -r /var/lib/azure-provisioning");
        const result = await provision(machine, args, escaped(password));
        const what = `${JSON.stringify(password)}: ${result.log}`;
        assertEquals([result.code, result.ready], [0, 1], what);
        assert(password.length < 4 || !result.log.includes(password), what);
        const login = await machine.logIn({ user: USER, password });
        assertEquals(login.stdout, `${USER}\n`, `${what}\n${login.stderr}`);
        assertEquals(await root(), before);
      }
      const wrong = await machine.logIn({ user: USER, password: "x" });
      assertEquals(wrong.stdout, "");
      await assertNothingRan(machine);
    },
  );
}

function escaped(text: string): string {
  return text.replace(/[&<>\t]|^ | $/g, (it) => `&#${it.charCodeAt(0)};`);
}
