import { assertEquals } from "@std/assert";
import {
  includesSudoersFolder,
  sudoersRule,
  withDoasRule,
} from "../../../../lib/parts/login/sudo/admin_rules.ts";

Deno.test("sudoersRule() quotes the name, as ALL would be everybody", () => {
  assertEquals(
    sudoersRule("ALL", { password: false }),
    '# Added by azure-provisioning\n"ALL" ALL=(ALL:ALL) NOPASSWD: ALL\n',
  );
  assertEquals(
    sudoersRule("ALL", { password: true }),
    '# Added by azure-provisioning\n"ALL" ALL=(ALL:ALL) ALL\n',
  );
});

Deno.test("includesSudoersFolder() knows both forms", () => {
  for (
    const line of [
      "@includedir /etc/sudoers.d",
      "#includedir /etc/sudoers.d",
      ' @includedir "/etc/sudoers.d/" ',
    ]
  ) assertEquals(includesSudoersFolder(`x\n${line}\n`), true, line);
  for (
    const line of ["", "# @includedir /etc/sudoers.d", "@includedir /etc/other"]
  ) assertEquals(includesSudoersFolder(line), false, line);
});

Deno.test("withDoasRule() adds the rule once, at the end, where the last one counts", () => {
  for (
    const [password, rule] of [
      [false, 'permit nopass "azure" # Added by azure-provisioning\n'],
      [true, 'permit "azure" # Added by azure-provisioning\n'],
    ] as const
  ) {
    assertEquals(withDoasRule("", "azure", { password }), rule);
    const conf = withDoasRule("deny azure", "azure", { password });
    assertEquals(conf, `deny azure\n${rule}`);
    assertEquals(withDoasRule(conf, "azure", { password }), conf);
  }
});

Deno.test("withDoasRule() replaces what it wrote for another user, and leaves all else", () => {
  const others =
    'permit nopass "ada"\npermit nopass "ada" # Added by azure-provisioning too\n# Added by azure-provisioning\n';
  const rule = 'permit "azure" # Added by azure-provisioning\n';
  for (
    const old of [
      'permit nopass "ada" # Added by azure-provisioning\n',
      'permit nopass "azure" # Added by azure-provisioning\n',
      'permit "ada" # Added by azure-provisioning\n',
    ]
  ) {
    assertEquals(
      withDoasRule(`${others}${old}deny x`, "azure", { password: true }),
      `${others}deny x\n${rule}`,
    );
  }
  assertEquals(
    withDoasRule(
      `permit nopass "ada" # Added by azure-provisioning\n${rule}deny x\n`,
      "azure",
      { password: true },
    ),
    `${rule}deny x\n`,
  );
});
