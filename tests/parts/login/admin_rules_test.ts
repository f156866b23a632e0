import { assertEquals } from "@std/assert";
import {
  includesSudoersFolder,
  sudoersRule,
  withDoasRule,
} from "../../../lib/parts/login/admin_rules.ts";

Deno.test("sudoersRule() quotes the name, as ALL would be everybody", () => {
  assertEquals(
    sudoersRule("ALL"),
    '# Added by azure-provisioning\n"ALL" ALL=(ALL:ALL) NOPASSWD: ALL\n',
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
  const rule = 'permit nopass "azure" # Added by azure-provisioning\n';
  assertEquals(withDoasRule("", "azure"), rule);
  const conf = withDoasRule("deny azure", "azure");
  assertEquals(conf, `deny azure\n${rule}`);
  assertEquals(withDoasRule(conf, "azure"), conf);
});
