import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { loginTest, mustRun, runWith, stateOf, USER } from "./_login_case.ts";

for (const by of ["sudo", "doas"] as const) {
  for (const user of ["azure", "ALL"]) {
    loginTest(
      `"${user}" alone, who has keys alone, becomes root by ${by}`,
      "shadow",
      async (machine) => {
        const { tree } = machine;
        if (by === "doas") await Deno.remove(`${tree}/usr/bin/sudo`);
        await machine.run("useradd -m other");
        assertEquals(
          await mustRun(
            machine,
            '"$0" user; "$0" sudo; "$0" ssh-keys >/dev/null',
            { user },
          ),
          `Created admin user "${user}"\n"${user}" may become root with ${by}, without a password\n`,
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
        await mustRun(machine, '"$0" user; "$0" sudo', { user });
        await mustRun(machine, '"$0" sudo --admin-sudo true', { user });
        assertEquals(await stateOf(machine), state);
      },
    );
  }

  loginTest(
    `the user of an earlier VM no longer becomes root by ${by}`,
    "shadow",
    async (machine) => {
      const { tree } = machine;
      if (by === "doas") await Deno.remove(`${tree}/usr/bin/sudo`);
      await mustRun(machine, '"$0" user; "$0" sudo', { user: "former" });
      await mustRun(machine, '"$0" user; "$0" sudo; "$0" ssh-keys');
      const { stdout, stderr } = await machine.logIn({
        user: USER,
        key: "right",
        command: `${by} -n id -un`,
      });
      assertEquals(stdout, "root\n", stderr);
      const former = await machine.run(`su former -c '${by} -n id -un'`);
      assertNotEquals(former.code, 0);
    },
  );
}

loginTest(
  "where it is turned off, nobody becomes root",
  "shadow",
  async (machine) => {
    await mustRun(
      machine,
      '"$0" user; "$0" sudo --admin-sudo false; "$0" ssh-keys',
    );
    const { code } = await machine.logIn({
      user: USER,
      key: "right",
      command: "sudo -n id -un",
    });
    assertNotEquals(code, 0);
  },
);

loginTest(
  "without sudo and doas a VM is ready, and it is said only where that was asked for",
  "shadow",
  async (machine) => {
    for (const by of ["sudo", "doas"]) {
      await Deno.remove(`${machine.tree}/usr/bin/${by}`);
    }
    const absent = /neither sudo nor doas is installed/;
    for (
      const [args, code, isSaid] of [
        ["", 0, false],
        ["--without user", 0, false],
        ["--admin-sudo true", 0, true],
        ["--admin-sudo false --with sudo", 0, false],
        ["--with sudo", 78, true],
      ] as const
    ) {
      const result = await runWith(machine, `"$0" --force ${args}`);
      assertEquals(result.code, code, result.stderr);
      assertEquals(absent.test(result.stderr), isSaid, result.stderr);
    }
  },
);

loginTest(
  "a rule that cannot be written is a warning, and NotReady only where it was asked for",
  "shadow",
  async (machine) => {
    const path =
      `${machine.tree}/etc/sudoers.d/.90-azure-provisioning.azure-provisioning`;
    await Deno.mkdir(`${path}/x`, { recursive: true });
    const auto = await runWith(machine, '"$0"');
    assertEquals(auto.code, 0, auto.stderr);
    assert(/Warning: Cannot let "azure" become root/.test(auto.stderr));
    const asked = await runWith(machine, '"$0" --force --admin-sudo true');
    assertEquals(asked.code, 73, asked.stderr);
  },
);
