import { assertEquals, assertNotEquals } from "@std/assert";
import { loginTest, mustRun, stateOf, USER } from "./_login_case.ts";

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
            '"$0" user --admin-sudo true; "$0" ssh-keys >/dev/null',
            { user },
          ),
          `Created admin user "${user}"; may become root with ${by}\n`,
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
        await mustRun(machine, '"$0" user --admin-sudo true', { user });
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
