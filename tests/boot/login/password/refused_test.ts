import { assertEquals, assertMatch } from "@std/assert";
import { lineOf, loginTest, USER } from "../_login_case.ts";
import { publicKey } from "../_login_machine.ts";
import { MADE_WITH_PASSWORD, provision } from "./_password.ts";

for (
  const [what, password, reason] of [
    [
      "with a line break",
      "Pa55\nroot:word",
      "password_invalid: .*: it has a line break",
    ],
    [
      "with a carriage return",
      "Pa55word\r",
      "password_invalid: .*: it has a line break",
    ],
    [
      "of 512 bytes",
      "0123456789abcdeF".repeat(32),
      "password_invalid: .*: it has 512 bytes, and the most is 511",
    ],
    ["that is missing", undefined, "password_absent: "],
    ["that is empty", "", "password_absent: "],
    ["that another agent took away", "REDACTED", "password_absent: "],
  ] as const
) {
  loginTest(
    `a VM without keys is not ready with a password ${what}`,
    "shadow",
    async (machine) => {
      const { code, ready, said } = await provision(
        machine,
        password === undefined ? {} : { password },
      );
      assertEquals([code, ready], [65, 0], said);
      assertMatch(said, new RegExp(reason));
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
