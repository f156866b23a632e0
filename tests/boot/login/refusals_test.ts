import { assertEquals, assertStringIncludes } from "@std/assert";
import { succeed } from "../../helpers/command.ts";
import {
  assertLogsIn,
  loginTest,
  mustRun,
  runWith,
  stateOf,
} from "./_login_case.ts";
import { publicKey } from "./_login_machine.ts";

for (
  const [user, reason] of [
    ["root", "it is the system's own user"],
    ["-rf", 'it starts with "-", not with a letter or "_"'],
    ["daemon", "the system has an account of that name"],
    ["nobody", "the system has an account of that name"],
    ["a:0:0", 'it contains ":"'],
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
