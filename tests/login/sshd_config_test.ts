import { assertEquals } from "@std/assert";
import { takesDropIns } from "../../lib/login/sshd_config.ts";

for (
  const [what, config, expected] of [
    [
      "Debian's",
      "# x\nInclude /etc/ssh/sshd_config.d/*.conf\nPasswordAuthentication yes\n",
      true,
    ],
    ["another case and a =", '  include="/etc/ssh/sshd_config.d/*.conf"', true],
    ["one of several", "Include /etc/x.conf sshd_config.d/*.conf", true],
    [
      "passwords off before it",
      "PasswordAuthentication no\nInclude /etc/ssh/sshd_config.d/*.conf",
      true,
    ],
    ["no Include", "UsePAM yes\n", false],
    ["a commented one", "#Include /etc/ssh/sshd_config.d/*.conf", false],
    ["another folder", "Include /etc/ssh/other.d/*.conf", false],
    [
      "passwords on before it",
      "PasswordAuthentication yes\nInclude /etc/ssh/sshd_config.d/*.conf",
      false,
    ],
    [
      "one in a Match",
      "Match User x\n  Include /etc/ssh/sshd_config.d/*.conf",
      false,
    ],
    ["nothing", "", false],
  ] as const
) {
  Deno.test(`takesDropIns() says ${expected} for ${what}`, () => {
    assertEquals(takesDropIns(config), expected);
  });
}
