import { assertEquals, assertMatch } from "@std/assert";
import { shellTest } from "../_shells.ts";
import { type Files, PROGRAM } from "../_tree.ts";
import { saidOfParts, withoutRemedy } from "./_said_of_parts.ts";

shellTest(
  "check says whether the admin user becomes root",
  async (shell, folder) => {
    let count = 0;
    const rights = async (files: Files) =>
      withoutRemedy(
        (await saidOfParts(shell, `${folder}/rights-${count++}`, {
          "/etc/azure-provisioning.conf": "admin-sudo = true\n",
          ...files,
        }))["sudo"],
      );
    const sudo = { "/usr/bin/sudo": PROGRAM };
    assertEquals(
      await rights({ "/etc/azure-provisioning.conf": "admin-sudo = false\n" }),
      "ok: the admin user of a VM gets no rule for sudo or doas: admin-sudo is false",
    );
    const cannot = "warning: the admin user of a VM cannot become root: ";
    assertEquals(
      await rights({}),
      `${cannot}neither sudo nor doas is installed`,
    );
    assertMatch(
      (await rights({ "/etc/azure-provisioning.conf": "" }))!,
      /^ok: there is neither sudo nor doas/,
    );
    assertEquals(await rights(sudo), `${cannot}sudo has no /etc/sudoers`);
    assertMatch(
      (await rights({
        ...sudo,
        "/etc/sudoers": "#includedir /etc/sudoers.dd\n",
      }))!,
      /cannot become root: .*\/etc\/sudoers does not include \/etc\/sudoers\.d$/,
    );
    for (const path of ["/etc/sudoers", "/usr/etc/sudoers"]) {
      for (
        const line of [
          "@includedir /etc/sudoers.d",
          "#includedir /etc/sudoers.d/",
        ]
      ) {
        assertEquals(
          await rights({ ...sudo, [path]: `${line}\n` }),
          "ok: the admin user of a VM becomes root with sudo",
        );
      }
    }
    assertEquals(
      await rights({ "/usr/bin/doas": PROGRAM }),
      "ok: the admin user of a VM becomes root with doas",
    );
  },
);
