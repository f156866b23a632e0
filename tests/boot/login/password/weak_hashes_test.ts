import { assertEquals, assertMatch } from "@std/assert";
import { PASSWORD } from "../../../media/_ovf_env.ts";
import { lineOf, loginTest } from "../_login_case.ts";
import { assertIsPassword, provision } from "./_password.ts";

loginTest(
  "a system that makes weak hashes makes a strong one, and keeps no weak one",
  "shadow",
  async (machine) => {
    await Deno.writeTextFile(
      `${machine.tree}/etc/pam.d/chpasswd`,
      "password required pam_unix.so des\n",
    );
    const { code, said } = await provision(machine, { password: PASSWORD });
    assertEquals(code, 0, said);
    await assertIsPassword(machine, PASSWORD);
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
      const before = `cd /usr/sbin; rm chpasswd; ${make}; chmod +x chpasswd`;
      const { code, said } = await provision(machine, {
        password: PASSWORD,
        before,
      });
      assertEquals(code, 0, said);
      await assertIsPassword(machine, PASSWORD);
      const kept = await lineOf(machine, "shadow-");
      assertMatch(kept!, /^azure:(\$6\$|\*:)/);
    },
  );
}
